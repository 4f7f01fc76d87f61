//! `--messages FILE.parquet`: the rows of the CSV file, each column with its type.

use std::io::{self, Write};
use std::sync::Arc;

use ::parquet::basic::Compression;
use ::parquet::data_type::{
    BoolType, ByteArray, ByteArrayType, DataType, DoubleType, Int32Type, Int64Type,
};
use ::parquet::errors::ParquetError;
use ::parquet::file::properties::WriterProperties;
use ::parquet::file::writer::{SerializedFileWriter, SerializedRowGroupWriter};
use ::parquet::schema::parser::parse_message_type;

use super::MessageRows;
use crate::chain::spec::Spec;
use crate::chain::{Completed, Observer, Wants};
use crate::kernel::{Nanos, in_seconds};

/// Rows that are kept until they are written together.
const GROUP: usize = 1 << 16;

/// The columns of the CSV file, in its order; `replication` follows when there are several.
const COLUMNS: &str = "
    REQUIRED BYTE_ARRAY bx_message_id (UTF8);
    REQUIRED INT64 order_id;
    REQUIRED BYTE_ARRAY traffic (UTF8);
    REQUIRED BYTE_ARRAY sender (UTF8);
    REQUIRED BYTE_ARRAY carrier (UTF8);
    OPTIONAL INT64 route_id;
    OPTIONAL BYTE_ARRAY provider (UTF8);
    REQUIRED INT32 segments;
    REQUIRED DOUBLE requested_s;
    REQUIRED DOUBLE accepted_s;
    OPTIONAL DOUBLE handed_off_s;
    OPTIONAL DOUBLE delivered_s;
    REQUIRED INT32 attempts;
    REQUIRED INT32 copies;
    REQUIRED BYTE_ARRAY truth (UTF8);
    REQUIRED BYTE_ARRAY observed (UTF8);
    OPTIONAL BYTE_ARRAY cause (UTF8);
    REQUIRED BOOLEAN counted;";

/// Writes each message as it ends, a few ten thousand at a time.
pub struct MessageTable<'spec, W: Write + Send> {
    spec: &'spec Spec,
    out: SerializedFileWriter<W>,
    rows: Rows,
    /// Column `replication`, where there is one.
    replication: Option<u64>,
    written: u64,
    /// The first failure: an observer can't fail, so it is told at the end.
    failed: Option<ParquetError>,
}

impl<'spec, W: Write + Send> MessageTable<'spec, W> {
    /// Begins a table for this many replications.
    ///
    /// # Errors
    /// Its beginning can't be written.
    pub fn new(spec: &'spec Spec, out: W, replications: u64) -> io::Result<Self> {
        let replication = (replications > 1).then_some(0);
        let last = if replication.is_some() { "REQUIRED INT64 replication;" } else { "" };
        let schema = parse_message_type(&format!("message messages {{ {COLUMNS} {last} }}"));
        let properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_created_by(concat!("smschain ", env!("CARGO_PKG_VERSION")).to_owned())
            .build();
        let schema = Arc::new(schema.map_err(io::Error::other)?);
        let out = SerializedFileWriter::new(out, schema, Arc::new(properties))
            .map_err(io::Error::other)?;
        let rows = Rows::default();
        Ok(MessageTable { spec, out, rows, replication, written: 0, failed: None })
    }

    fn write(&mut self) {
        let rows = std::mem::take(&mut self.rows);
        self.written += rows.counted.values.len() as u64;
        if self.failed.is_none() {
            let replications = self.replication.is_some();
            self.failed =
                self.out.next_row_group().and_then(|group| rows.write(group, replications)).err();
        }
    }
}

impl<W: Write + Send> MessageRows for MessageTable<'_, W> {
    type Out = W;

    fn set_replication(&mut self, number: u64) {
        if let Some(replication) = &mut self.replication {
            *replication = number;
        }
    }

    fn finish(mut self) -> io::Result<(W, u64)> {
        if !self.rows.counted.values.is_empty() {
            self.write();
        }
        if let Some(failed) = self.failed {
            return Err(io::Error::other(failed));
        }
        Ok((self.out.into_inner().map_err(io::Error::other)?, self.written))
    }
}

impl<W: Write + Send> Observer for MessageTable<'_, W> {
    fn wants(&self) -> Wants {
        Wants::Messages
    }

    fn completed(&mut self, message: &Completed<'_>) {
        self.rows.push(message, &Names::of(self.spec, message), self.replication);
        if self.rows.counted.values.len() >= GROUP {
            self.write();
        }
    }
}

/// A column's values, and which rows have one.
struct Column<T: DataType> {
    values: Vec<T::T>,
    /// 1 where there is a value; only used by optional columns.
    defined: Vec<i16>,
}

impl<T: DataType> Default for Column<T> {
    fn default() -> Self {
        Column { values: Vec::new(), defined: Vec::new() }
    }
}

impl<T: DataType> Column<T> {
    fn push(&mut self, value: T::T) {
        self.values.push(value);
    }

    fn maybe(&mut self, value: Option<T::T>) {
        self.defined.push(i16::from(value.is_some()));
        self.values.extend(value);
    }

    fn write<W: Write + Send>(
        &self,
        group: &mut SerializedRowGroupWriter<'_, W>,
    ) -> Result<(), ParquetError> {
        let missing = || ParquetError::General("fewer columns than written".to_owned());
        let mut column = group.next_column()?.ok_or_else(missing)?;
        let defined = (!self.defined.is_empty()).then_some(self.defined.as_slice());
        column.typed::<T>().write_batch(&self.values, defined, None)?;
        column.close()
    }
}

/// Rows, by column.
#[derive(Default)]
struct Rows {
    ids: Column<ByteArrayType>,
    orders: Column<Int64Type>,
    traffic: Column<ByteArrayType>,
    senders: Column<ByteArrayType>,
    carriers: Column<ByteArrayType>,
    routes: Column<Int64Type>,
    providers: Column<ByteArrayType>,
    segments: Column<Int32Type>,
    requested: Column<DoubleType>,
    accepted: Column<DoubleType>,
    handed_off: Column<DoubleType>,
    delivered: Column<DoubleType>,
    attempts: Column<Int32Type>,
    copies: Column<Int32Type>,
    truth: Column<ByteArrayType>,
    observed: Column<ByteArrayType>,
    causes: Column<ByteArrayType>,
    counted: Column<BoolType>,
    replications: Column<Int64Type>,
}

impl Rows {
    fn push(&mut self, message: &Completed<'_>, names: &Names<'_>, replication: Option<u64>) {
        let seconds = |time: Option<Nanos>| time.map(in_seconds);
        let small = |count: u32| i32::try_from(count).unwrap_or(i32::MAX);
        self.ids.push(message.bx_message_id().as_str().into());
        self.orders.push(message.order_id.cast_signed());
        self.traffic.push(names.traffic.into());
        self.senders.push(message.sender.into());
        self.carriers.push(names.carrier.into());
        self.routes.maybe(names.route.map(u64::cast_signed));
        self.providers.maybe(names.provider.map(ByteArray::from));
        self.segments.push(small(message.segments));
        self.requested.push(in_seconds(message.requested));
        self.accepted.push(in_seconds(message.accepted));
        self.handed_off.maybe(seconds(message.handed_off));
        self.delivered.maybe(seconds(message.delivered));
        self.attempts.push(small(message.attempts));
        self.copies.push(small(message.copies));
        self.truth.push(message.truth.name().into());
        self.observed.push(message.observed.name().into());
        self.causes.maybe((!message.cause.is_empty()).then(|| message.cause.into()));
        self.counted.push(message.counted);
        if let Some(replication) = replication {
            self.replications.push(replication.cast_signed());
        }
    }

    fn write<W: Write + Send>(
        &self,
        mut group: SerializedRowGroupWriter<'_, W>,
        replications: bool,
    ) -> Result<(), ParquetError> {
        let to = &mut group;
        self.ids.write(to)?;
        self.orders.write(to)?;
        self.traffic.write(to)?;
        self.senders.write(to)?;
        self.carriers.write(to)?;
        self.routes.write(to)?;
        self.providers.write(to)?;
        self.segments.write(to)?;
        self.requested.write(to)?;
        self.accepted.write(to)?;
        self.handed_off.write(to)?;
        self.delivered.write(to)?;
        self.attempts.write(to)?;
        self.copies.write(to)?;
        self.truth.write(to)?;
        self.observed.write(to)?;
        self.causes.write(to)?;
        self.counted.write(to)?;
        if replications {
            self.replications.write(to)?;
        }
        group.close().map(drop)
    }
}

/// The names that a message's indices stand for.
struct Names<'spec> {
    traffic: &'spec str,
    carrier: &'spec str,
    /// The route's id.
    route: Option<u64>,
    /// The route's provider.
    provider: Option<&'spec str>,
}

impl<'spec> Names<'spec> {
    fn of(spec: &'spec Spec, message: &Completed<'_>) -> Names<'spec> {
        let route = spec.routes.get(message.route);
        let provider = route.and_then(|route| spec.providers.get(route.provider));
        Names {
            traffic: spec.traffic.get(message.traffic).map_or("", |traffic| &traffic.name),
            carrier: spec.carriers.get(message.carrier).map_or("", |carrier| &carrier.name),
            route: route.map(|route| route.id),
            provider: provider.map(|provider| provider.name.as_str()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::experiment::sample;
    use crate::report::messages::tests::message;
    use ::parquet::file::reader::{FileReader as _, SerializedFileReader};
    use ::parquet::record::RowAccessor as _;

    #[test]
    fn rows_come_back_as_they_were_and_groups_are_bounded() {
        let spec = sample::spec();
        let mut table = MessageTable::new(&spec, Vec::new(), 2).unwrap();
        let one = message("00447");
        for number in 0..GROUP + 3 {
            table.set_replication(u64::from(number > 0));
            table.completed(&one);
        }
        let (bytes, rows) = table.finish().unwrap();
        assert_eq!(rows, GROUP as u64 + 3);
        let path = std::env::temp_dir().join(format!("smschain-{}.parquet", std::process::id()));
        std::fs::write(&path, bytes).unwrap();
        let reader = SerializedFileReader::new(std::fs::File::open(&path).unwrap()).unwrap();
        assert_eq!(reader.num_row_groups(), 2);
        let first = reader.get_row_iter(None).unwrap().next().unwrap().unwrap();
        assert_eq!(first.get_string(0).unwrap(), &one.bx_message_id());
        assert_eq!(first.get_string(3).unwrap(), "00447");
        assert_eq!((first.get_long(5).unwrap(), first.get_double(8).unwrap()), (6, 1.5));
        assert!(first.get_double(11).is_err() && first.get_bool(17).unwrap());
        assert_eq!(first.get_long(18).unwrap(), 0);
        std::fs::remove_file(&path).unwrap();
    }
}
