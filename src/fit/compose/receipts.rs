//! Receipts of a provider: how late they come, and how many never do.

use super::Shifts;
use super::latency::{Latency, latency, write};
use super::parameter::{Assumption, Parameter, Uncertain};
use super::text::{Text, span};
use crate::fit::Setting;
use crate::fit::gather::{Cell, Clocks};
use crate::logs::Status;

/// The share of receipts that may come before what they tell of, by what is odd in any log.
const ODD: f64 = 0.05;
/// Zones lie so far apart, s.
const APART: f64 = 900.0;

/// Receipts of a provider, fitted; without a delay they come at once, as far as the log tells.
#[derive(Default)]
pub(crate) struct Receipts {
    pub(crate) delay: Option<Latency>,
    loss: Option<Parameter>,
    pub(crate) assumption: Option<Assumption>,
}

/// Receipts from what is seen of deliveries: `clocks` are those of handsets' times and of receipts'.
pub(crate) fn receipts(cell: &Cell, clocks: Clocks, provider: &str, shifts: &Shifts) -> Receipts {
    let path = format!("{provider}.receipts.delay");
    let assumed = |why: String, value: String, other: &str| Assumption {
        path: path.clone(),
        why,
        value,
        other: vec![format!("{path}={other}")],
        sensitivity: None,
    };
    if let Some(why) = unlike(cell, clocks) {
        let assumption = Some(assumed(why.to_owned(), "0s".to_owned(), "5s"));
        return Receipts { assumption, ..Receipts::default() };
    }
    let setting = Setting { shift: shifts.of(&path), never: false };
    let delay =
        (cell.receipts.count() > 0).then(|| latency(&cell.receipts, &[], clocks, &path, setting));
    // All at once is what a scenario has without.
    let delay = delay.filter(|own| own.median > 0.0);
    let assumption = delay.as_ref().and_then(|own| {
        let longer = span((2.0 * own.median).max(1.0));
        Some(assumed(own.doubt.clone()?, own.told(), &longer))
    });
    let loss = (cell.unreceived > 0).then(|| {
        let path = format!("{provider}.receipts.loss");
        let of = cell.status(Status::Delivered);
        Parameter::share(path, cell.unreceived, of, "deliveries without a receipt")
    });
    Receipts { delay, loss, assumption }
}

/// The reason why times of receipts can't be those of receipts by the clock of the deliveries.
fn unlike(cell: &Cell, clocks: Clocks) -> Option<&'static str> {
    let early = cell.receipts.early(clocks.to.max(clocks.from)) as f64;
    if early > ODD * cell.receipts.count() as f64 {
        return Some(
            "the log has receipts before what they tell of: the two columns are by clocks or zones that \
             don't agree, or mean something else, and tell nothing of receipts",
        );
    }
    let soonest = cell.receipts.quantile(ODD)?;
    (soonest >= APART).then_some(
        "no receipt comes within a quarter of an hour: the two columns may be of two zones, which \
         `--zone received=…` names, and no delay is told",
    )
}

impl Receipts {
    pub(crate) fn parameters(&self) -> impl Iterator<Item = &Parameter> {
        self.delay.iter().flat_map(|own| &own.parameters).chain(&self.loss)
    }

    pub(crate) fn uncertain(&self) -> impl Iterator<Item = Uncertain> + '_ {
        let delay = self.delay.iter().filter_map(|own| own.uncertain.clone());
        delay.chain(self.loss.iter().filter_map(Parameter::uncertain))
    }

    pub(crate) fn write(&self, text: &mut Text) {
        if let Some(delay) = &self.delay {
            write(text, "receipts.delay", delay);
        }
        if let Some(loss) = &self.loss {
            text.key("receipts.loss", &loss.toml(), &loss.comment());
        }
    }
}
