//! The rows of the CSV file as Arrow columns in memory, for a program in the same process.

use std::io;
use std::sync::Arc;

use arrow_array::builder::{
    BooleanBuilder, Float64Builder, Int32Builder, Int64Builder, StringBuilder,
};
use arrow_array::types::Int32Type;
use arrow_array::{Array, ArrayRef, DictionaryArray, RecordBatch, StringArray};
use arrow_schema::{ArrowError, DataType, Field, Schema, SchemaRef};

use super::MessageRows;
use super::csv::push_id;
use crate::chain::spec::Spec;
use crate::chain::{Completed, Observed, Observer, Truth, Wants};
use crate::kernel::{Nanos, in_seconds};

/// Rows of a batch.
const GROUP: usize = 1 << 16;

/// The columns of the CSV file, in its order, and whether each row has a value.
const COLUMNS: [(&str, Holds, bool); 18] = [
    ("bx_message_id", Holds::Text, true),
    ("order_id", Holds::Large, true),
    ("traffic", Holds::Name, true),
    ("sender", Holds::Name, true),
    ("carrier", Holds::Name, true),
    ("route_id", Holds::Large, false),
    ("provider", Holds::Name, false),
    ("segments", Holds::Small, true),
    ("requested_s", Holds::Seconds, true),
    ("accepted_s", Holds::Seconds, true),
    ("handed_off_s", Holds::Seconds, false),
    ("delivered_s", Holds::Seconds, false),
    ("attempts", Holds::Small, true),
    ("copies", Holds::Small, true),
    ("truth", Holds::Name, true),
    ("observed", Holds::Name, true),
    ("cause", Holds::Name, false),
    ("counted", Holds::Flag, true),
];

/// The contents of a column.
#[derive(Debug, Clone, Copy)]
enum Holds {
    Text,
    /// One of a few texts: a dictionary.
    Name,
    Large,
    Small,
    Seconds,
    Flag,
}

impl Holds {
    fn data_type(self) -> DataType {
        match self {
            Holds::Text => DataType::Utf8,
            Holds::Name => {
                DataType::Dictionary(Box::new(DataType::Int32), Box::new(DataType::Utf8))
            }
            Holds::Large => DataType::Int64,
            Holds::Small => DataType::Int32,
            Holds::Seconds => DataType::Float64,
            Holds::Flag => DataType::Boolean,
        }
    }
}

/// A table in memory: batches of one schema.
#[derive(Debug, Clone)]
pub struct Listed {
    /// Names and types of the columns.
    pub schema: SchemaRef,
    /// The rows, some at a time.
    pub batches: Vec<RecordBatch>,
}

/// Keeps each message as it ends, by column.
pub struct MessageBatches<'spec> {
    spec: &'spec Spec,
    /// Full ones, then the one that grows.
    groups: Vec<Columns>,
    senders: Met,
    causes: Met,
    /// Column `replication`, where there is one.
    replication: Option<i64>,
    id: String,
}

#[derive(Default)]
struct Columns {
    rows: usize,
    ids: StringBuilder,
    orders: Int64Builder,
    traffic: Int32Builder,
    senders: Int32Builder,
    carriers: Int32Builder,
    routes: Int64Builder,
    providers: Int32Builder,
    segments: Int32Builder,
    requested: Float64Builder,
    accepted: Float64Builder,
    handed_off: Float64Builder,
    delivered: Float64Builder,
    attempts: Int32Builder,
    copies: Int32Builder,
    truth: Int32Builder,
    observed: Int32Builder,
    causes: Int32Builder,
    counted: BooleanBuilder,
    replications: Int64Builder,
}

impl<'spec> MessageBatches<'spec> {
    /// Begins a table for this many replications.
    #[must_use]
    pub fn new(spec: &'spec Spec, replications: u64) -> MessageBatches<'spec> {
        MessageBatches {
            spec,
            groups: Vec::new(),
            senders: Met::default(),
            causes: Met::default(),
            replication: (replications > 1).then_some(0),
            id: String::new(),
        }
    }
}

/// A number of few, as a key of a dictionary.
fn key(number: usize) -> i32 {
    i32::try_from(number).unwrap_or(i32::MAX)
}

/// Texts that rows name by number, as they come: each once, or readers would take it for several.
#[derive(Default)]
struct Met {
    /// The key of a text, by its number in the run.
    keys: Vec<Option<i32>>,
    texts: Vec<String>,
}

impl Met {
    /// The key of a number, whose text is this.
    #[inline]
    fn key(&mut self, number: usize, text: &str) -> i32 {
        match self.keys.get(number) {
            Some(Some(key)) => *key,
            _ => self.learn(number, text),
        }
    }

    #[cold]
    fn learn(&mut self, number: usize, text: &str) -> i32 {
        let place = self.texts.iter().position(|known| known == text).unwrap_or_else(|| {
            self.texts.push(text.to_owned());
            self.texts.len() - 1
        });
        if number >= self.keys.len() {
            self.keys.resize(number + 1, None);
        }
        self.keys[number] = Some(key(place));
        key(place)
    }
}

impl Observer for MessageBatches<'_> {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        if self.groups.last().is_none_or(|group| group.rows == GROUP) {
            self.groups.push(Columns::default());
        }
        let Some(to) = self.groups.last_mut() else { return };
        let small = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        let seconds = |time: Option<Nanos>| time.map(in_seconds);
        let route = self.spec.routes.get(message.route);
        let sender = self.senders.key(message.sender_number, message.sender);
        let named = !message.cause.is_empty();
        let cause = named.then(|| self.causes.key(message.place, message.cause));
        self.id.clear();
        push_id(&mut self.id, message);
        to.rows += 1;
        to.ids.append_value(&self.id);
        to.orders.append_value(message.order_id.cast_signed());
        to.traffic.append_value(key(message.traffic));
        to.senders.append_value(sender);
        to.carriers.append_value(key(message.carrier));
        to.routes.append_option(route.map(|route| route.id.cast_signed()));
        to.providers.append_option(route.map(|route| key(route.provider)));
        to.segments.append_value(small(message.segments));
        to.requested.append_value(in_seconds(message.requested));
        to.accepted.append_value(in_seconds(message.accepted));
        to.handed_off.append_option(seconds(message.handed_off));
        to.delivered.append_option(seconds(message.delivered));
        to.attempts.append_value(small(message.attempts));
        to.copies.append_value(small(message.copies));
        to.truth.append_value(key(message.truth as usize));
        to.observed.append_value(key(message.observed as usize));
        to.causes.append_option(cause);
        to.counted.append_value(message.counted);
        if let Some(replication) = self.replication {
            to.replications.append_value(replication);
        }
    }
}

/// The texts that keys of columns stand for.
struct Words {
    traffic: Arc<StringArray>,
    senders: Arc<StringArray>,
    carriers: Arc<StringArray>,
    providers: Arc<StringArray>,
    truth: Arc<StringArray>,
    observed: Arc<StringArray>,
    causes: Arc<StringArray>,
}

impl MessageRows for MessageBatches<'_> {
    type Out = Listed;

    fn set_replication(&mut self, number: u64) {
        if let Some(replication) = &mut self.replication {
            *replication = number.cast_signed();
        }
    }

    fn finish(self) -> io::Result<(Listed, u64)> {
        let mut fields: Vec<Field> = COLUMNS
            .iter()
            .map(|(name, holds, always)| Field::new(*name, holds.data_type(), !always))
            .collect();
        if self.replication.is_some() {
            fields.push(Field::new("replication", DataType::Int64, false));
        }
        let schema = Arc::new(Schema::new(fields));
        fn words<'a>(texts: impl Iterator<Item = &'a str>) -> Arc<StringArray> {
            Arc::new(StringArray::from_iter_values(texts))
        }
        let spec = self.spec;
        let words = Words {
            traffic: words(spec.traffic.iter().map(|own| own.name.as_str())),
            senders: words(self.senders.texts.iter().map(String::as_str)),
            carriers: words(spec.carriers.iter().map(|own| own.name.as_str())),
            providers: words(spec.providers.iter().map(|own| own.name.as_str())),
            truth: words(Truth::ALL.iter().map(|own| own.name())),
            observed: words(Observed::ALL.iter().map(|own| own.name())),
            causes: words(self.causes.texts.iter().map(String::as_str)),
        };
        let rows: u64 = self.groups.iter().map(|group| group.rows as u64).sum();
        let replications = self.replication.is_some();
        let batch = |group: Columns| group.batch(&schema, &words, replications);
        let batches: Result<Vec<RecordBatch>, ArrowError> =
            self.groups.into_iter().map(batch).collect();
        Ok((Listed { batches: batches.map_err(io::Error::other)?, schema }, rows))
    }
}

impl Columns {
    fn batch(
        mut self,
        schema: &SchemaRef,
        words: &Words,
        replications: bool,
    ) -> Result<RecordBatch, ArrowError> {
        let named = |keys: &mut Int32Builder, words: &Arc<StringArray>| {
            let words: Arc<dyn Array> = words.clone();
            let named = DictionaryArray::<Int32Type>::try_new(keys.finish(), words)?;
            Ok::<ArrayRef, ArrowError>(Arc::new(named))
        };
        let mut columns: Vec<ArrayRef> = vec![
            Arc::new(self.ids.finish()),
            Arc::new(self.orders.finish()),
            named(&mut self.traffic, &words.traffic)?,
            named(&mut self.senders, &words.senders)?,
            named(&mut self.carriers, &words.carriers)?,
            Arc::new(self.routes.finish()),
            named(&mut self.providers, &words.providers)?,
            Arc::new(self.segments.finish()),
            Arc::new(self.requested.finish()),
            Arc::new(self.accepted.finish()),
            Arc::new(self.handed_off.finish()),
            Arc::new(self.delivered.finish()),
            Arc::new(self.attempts.finish()),
            Arc::new(self.copies.finish()),
            named(&mut self.truth, &words.truth)?,
            named(&mut self.observed, &words.observed)?,
            named(&mut self.causes, &words.causes)?,
            Arc::new(self.counted.finish()),
        ];
        if replications {
            columns.push(Arc::new(self.replications.finish()));
        }
        RecordBatch::try_new(Arc::clone(schema), columns)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::messages::tests::message;
    use arrow_array::cast::AsArray as _;
    use arrow_array::types::{Float64Type, Int64Type};

    #[test]
    fn rows_come_back_as_they_were_in_batches() {
        let spec = sample::spec();
        let mut table = MessageBatches::new(&spec, 2);
        let one = message("00447");
        for number in 0..GROUP + 3 {
            table.set_replication(u64::from(number > 0));
            table.completed(&one);
        }
        let (listed, rows) = table.finish().unwrap();
        assert_eq!((rows, listed.batches.len()), (GROUP as u64 + 3, 2));
        let last = &listed.batches[1];
        let named = |column: &str| {
            let column = last.column_by_name(column).unwrap().as_dictionary::<Int32Type>();
            let key = usize::try_from(column.keys().value(2)).unwrap();
            column.values().as_string::<i32>().value(key).to_owned()
        };
        assert_eq!(last.column(0).as_string::<i32>().value(2), one.bx_message_id());
        assert_eq!(
            ["sender", "provider", "truth"].map(named),
            ["00447", "beta", "filtered_silent"]
        );
        assert_eq!(named("cause"), "northwind/spam");
        assert_eq!(last.column(8).as_primitive::<Float64Type>().value(0), 1.5);
        assert!(last.column_by_name("delivered_s").unwrap().is_null(0));
        assert_eq!(listed.batches[0].column(18).as_primitive::<Int64Type>().value(0), 0);
        assert_eq!(last.column(18).as_primitive::<Int64Type>().value(0), 1);
    }
}
