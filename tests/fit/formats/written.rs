//! Messages of a run as each format writes them, with its clock.

use std::fmt::Write as _;
use std::io::Read as _;

const MS: i64 = 1_000_000;
const SECOND: i64 = 1_000 * MS;
/// t = 0 of the run: 2026-01-31 09:00:00, since 1970 and since midnight.
const EPOCH: i64 = 1_769_850_000;
const NINE: i64 = 9 * 3_600;

/// A message, its times in ns from t = 0.
pub(crate) struct Message {
    id: u64,
    asked: i64,
    taken: i64,
    pub(crate) reached: Option<i64>,
}

impl Message {
    /// The messages of a list of `run --messages`, in the order of their requests.
    pub(crate) fn all(list: &str) -> Vec<Message> {
        let mut lines = list.lines();
        let header: Vec<&str> = lines.next().unwrap().split(',').collect();
        let column = |name| header.iter().position(|own| *own == name).unwrap();
        let [order, asked, taken, reached] =
            ["order_id", "requested_s", "handed_off_s", "delivered_s"].map(column);
        let ns = |cell: &str| {
            let (whole, part) = cell.split_once('.').unwrap_or((cell, ""));
            whole.parse::<i64>().unwrap() * SECOND + format!("{part:0<9}").parse::<i64>().unwrap()
        };
        let mut all: Vec<Message> = lines
            .map(|line| {
                let cells: Vec<&str> = line.split(',').collect();
                Message {
                    id: cells[order].parse().unwrap(),
                    asked: ns(cells[asked]),
                    taken: ns(cells[taken]),
                    reached: Some(cells[reached]).filter(|cell| !cell.is_empty()).map(ns),
                }
            })
            .collect();
        all.sort_by_key(|message| (message.asked, message.id));
        all
    }
}

/// Messages, and when they were exported, ns from t = 0.
pub(crate) struct Exported<'a> {
    pub(crate) messages: &'a [Message],
    pub(crate) export: i64,
}

impl Exported<'_> {
    /// What the export has: each message with when it was delivered, if it was by then.
    fn rows(&self) -> impl Iterator<Item = (&Message, Option<i64>)> {
        let asked = self.messages.iter().filter(|own| own.taken <= self.export);
        asked.map(|own| (own, own.reached.filter(|at| *at <= self.export)))
    }

    /// A text a row.
    fn each(&self, row: impl Fn(&Message, Option<i64>) -> String) -> Vec<String> {
        self.rows().map(|(message, done)| row(message, done)).collect()
    }

    /// Texts of when each was taken and of when it was delivered, in the order of time.
    fn events(
        &self,
        taken: impl Fn(&Message) -> String,
        done: impl Fn(&Message, i64) -> String,
    ) -> Vec<u8> {
        let mut all: Vec<(i64, String)> = Vec::new();
        for (message, reached) in self.rows() {
            all.push((message.taken, taken(message)));
            all.extend(reached.map(|at| (at, done(message, at))));
        }
        all.sort();
        lines(all.into_iter().map(|(_, text)| text))
    }
}

fn lines(all: impl IntoIterator<Item = String>) -> Vec<u8> {
    all.into_iter().flat_map(|line| (line + "\n").into_bytes()).collect()
}

fn table(header: &str, rows: Vec<String>) -> Vec<u8> {
    lines(std::iter::once(header.to_owned()).chain(rows))
}

fn list(name: &str, objects: &[String]) -> Vec<u8> {
    format!("{{\"{name}\":[\n{}\n]}}\n", objects.join(",\n")).into_bytes()
}

/// Hour, minute and second of an instant, rounded down as clocks do.
fn hms(ns: i64) -> (i64, i64, i64) {
    let second = NINE + ns.div_euclid(SECOND);
    (second / 3_600, second / 60 % 60, second % 60)
}

/// `2026-01-31 09:00:00`.
fn plain(ns: i64) -> String {
    let (hour, minute, second) = hms(ns);
    format!("2026-01-31 {hour:02}:{minute:02}:{second:02}")
}

/// `2026-01-31T09:00:00`, of seconds.
fn iso(ns: i64) -> String {
    plain(ns).replace(' ', "T")
}

/// The same with milliseconds.
fn iso_ms(ns: i64) -> String {
    format!("{}.{:03}", iso(ns), ns.rem_euclid(SECOND) / MS)
}

fn rfc_2822(ns: i64) -> String {
    let (hour, minute, second) = hms(ns);
    format!("Sat, 31 Jan 2026 {hour:02}:{minute:02}:{second:02} +0000")
}

/// `2601310900`, of minutes, with so many seconds behind it.
fn compact(ns: i64, seconds: bool) -> String {
    let (hour, minute, second) = hms(ns);
    let mut text = format!("260131{hour:02}{minute:02}");
    if seconds {
        let _always = write!(text, "{second:02}");
    }
    text
}

fn epoch_ms(ns: i64) -> i64 {
    EPOCH * 1_000 + ns.div_euclid(MS)
}

/// A state by whether a message was delivered.
fn state<'a>(done: Option<i64>, delivered: &'a str, pending: &'a str) -> &'a str {
    if done.is_some() { delivered } else { pending }
}

/// A recipient's number.
fn number(message: &Message) -> String {
    format!("447{:09}", message.id % 1_000_000_000)
}

pub(crate) fn csv(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        let state = state(done, "delivered", "sent");
        let done = done.map_or(String::new(), |at| iso_ms(at) + "Z");
        format!(
            "m{},{}Z,{}Z,{done},{state},alpha,northwind,ACME",
            own.id,
            iso_ms(own.asked),
            iso_ms(own.taken)
        )
    };
    table("id,submitted,sent,done,status,provider,carrier,sender", log.each(row))
}

/// Requests in milliseconds, receipts in minutes.
pub(crate) fn csv_in_minutes(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        let state = state(done, "delivered", "sent");
        let done = done.map_or(String::new(), |at| iso(at)[..16].to_owned() + "Z");
        format!("m{},{}Z,{done},{state},alpha,northwind,ACME", own.id, iso_ms(own.asked))
    };
    table("id,submitted,done,status,provider,carrier,sender", log.each(row))
}

pub(crate) fn twilio_console(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        format!(
            "ACME,+{},Your code,{},{}Z,2010-04-01,1,,AC1,SM{:032x},outbound-api,-0.00790,USD",
            number(own),
            state(done, "delivered", "sent"),
            iso(own.taken),
            own.id
        )
    };
    table(
        "From,To,Body,Status,SentDate,ApiVersion,NumSegments,ErrorCode,AccountSid,Sid,Direction,Price,\
         PriceUnit",
        log.each(row),
    )
}

/// A message of Twilio's, by how it writes times; `date_updated` is when its state last changed.
fn twilio(own: &Message, done: Option<i64>, time: fn(i64) -> String, more: &str) -> String {
    format!(
        "{{\"sid\":\"SM{:032x}\",\"account_sid\":\"AC1\",\"from\":\"ACME\",\"to\":\"+{}\",\
         \"body\":\"Your code\",\"status\":\"{}\",\"direction\":\"outbound-api\",\
         \"num_segments\":\"1\",\"date_created\":\"{}\",\"date_sent\":\"{}\",\"date_updated\":\"{}\",\
         \"error_code\":null,\"price\":\"-0.00790\"{more}}}",
        own.id,
        number(own),
        state(done, "delivered", "sent"),
        time(own.asked),
        time(own.taken),
        time(done.unwrap_or(own.taken)),
    )
}

pub(crate) fn twilio_api(log: &Exported<'_>) -> Vec<u8> {
    let more = ",\"api_version\":\"2010-04-01\",\"uri\":\"/Messages/SM.json\"";
    list("messages", &log.each(|own, done| twilio(own, done, rfc_2822, more)))
}

pub(crate) fn twilio_bulk(log: &Exported<'_>) -> Vec<u8> {
    let text = lines(log.each(|own, done| twilio(own, done, |at| iso(at) + "Z", "")));
    let mut zipped = Vec::new();
    let mut encoder = flate2::bufread::GzEncoder::new(text.as_slice(), flate2::Compression::fast());
    encoder.read_to_end(&mut zipped).unwrap();
    zipped
}

pub(crate) fn vonage_reports(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        let ended = done.map_or(String::new(), |at| iso(at) + "+0000");
        let took = done.map_or(String::new(), |at| ((at - own.asked) / MS).to_string());
        format!(
            "abcd1234,{:016x},,outbound,ACME,{},Your code,23415,Northwind,GB,United Kingdom,{}+0000,\
             {ended},{took},{},{},,EUR,0.0412",
            own.id,
            number(own),
            iso(own.asked),
            state(done, "delivered", "buffered"),
            state(done, "0", ""),
        )
    };
    table(
        "account_id,message_id,client_ref,direction,from,to,message_body,network,network_name,country,\
         country_name,date_received,date_finalized,latency,status,error_code,error_code_description,\
         currency,total_price",
        log.each(row),
    )
}

pub(crate) fn vonage_receipts(log: &Exported<'_>) -> Vec<u8> {
    let receipt = |(own, done): (&Message, Option<i64>)| {
        let at = done?;
        Some(format!(
            "{{\"msisdn\":\"{}\",\"to\":\"ACME\",\"network-code\":\"23415\",\"messageId\":\"{:016X}\",\
             \"price\":\"0.04120000\",\"status\":\"delivered\",\"scts\":\"{}\",\"err-code\":\"0\",\
             \"message-timestamp\":\"{}\"}}",
            number(own),
            own.id,
            compact(at, false),
            plain(at),
        ))
    };
    lines(log.rows().filter_map(receipt))
}

pub(crate) fn aws_events(log: &Exported<'_>) -> Vec<u8> {
    let event = |own: &Message, at: i64, status: &str, last: bool| {
        format!(
            "{{\"eventType\":\"TEXT_{status}\",\"eventVersion\":\"1.0\",\"eventTimestamp\":{},\
             \"isFinal\":{last},\"originationPhoneNumber\":\"ACME\",\
             \"destinationPhoneNumber\":\"+{}\",\"mcc\":\"234\",\"mnc\":\"15\",\
             \"carrierName\":\"Northwind\",\"messageId\":\"{:x}\",\"messageRequestTimestamp\":{},\
             \"messageStatus\":\"{status}\",\"totalMessageParts\":1}}",
            epoch_ms(at),
            number(own),
            own.id,
            epoch_ms(own.asked),
        )
    };
    log.events(
        |own| event(own, own.taken, "SENT", false),
        |own, at| event(own, at, "DELIVERED", true),
    )
}

/// Written when all is known of a message.
pub(crate) fn aws_sns(log: &Exported<'_>) -> Vec<u8> {
    let entry = |(own, done): (&Message, Option<i64>)| {
        let since = |at: i64| (at - own.asked) / MS;
        Some(format!(
            "{{\"notification\":{{\"messageId\":\"{:x}\",\"timestamp\":\"{}\"}},\"delivery\":\
             {{\"phoneCarrier\":\"Northwind\",\"mnc\":15,\"mcc\":234,\"numberOfMessageParts\":1,\
             \"destination\":\"+{}\",\"providerResponse\":\"Message has been accepted by phone\",\
             \"dwellTimeMs\":{},\"dwellTimeMsUntilDeviceAck\":{}}},\"status\":\"SUCCESS\"}}",
            own.id,
            iso_ms(own.asked).replace('T', " "),
            number(own),
            since(own.taken),
            since(done?),
        ))
    };
    lines(log.rows().filter_map(entry))
}

pub(crate) fn infobip(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        let done_at =
            done.map_or(String::new(), |at| format!("\"doneAt\":\"{}+0000\",", iso_ms(at)));
        format!(
            "{{\"bulkId\":\"b\",\"messageId\":\"{:x}\",\"to\":\"{}\",\"sender\":\"ACME\",\
             \"sentAt\":\"{}+0000\",{done_at}\"messageCount\":1,\"mccMnc\":\"23415\",\
             \"status\":{{\"groupName\":\"{}\",\"name\":\"{}\"}},\"error\":{{\"name\":\"NO_ERROR\",\
             \"permanent\":false}}}}",
            own.id,
            number(own),
            iso_ms(own.asked),
            state(done, "DELIVERED", "PENDING"),
            state(done, "DELIVERED_TO_HANDSET", "PENDING_ENROUTE"),
        )
    };
    list("results", &log.each(row))
}

pub(crate) fn sinch(log: &Exported<'_>) -> Vec<u8> {
    let receipt = |own: &Message, at: i64, code: u32, status: &str| {
        format!(
            "{{\"type\":\"recipient_delivery_report_sms\",\"batch_id\":\"{:026}\",\
             \"recipient\":\"{}\",\"code\":{code},\"status\":\"{status}\",\"at\":\"{}Z\",\
             \"operator\":\"23415\",\"number_of_message_parts\":1}}",
            own.id / 64,
            number(own),
            iso_ms(at),
        )
    };
    log.events(
        |own| receipt(own, own.taken, 401, "Dispatched"),
        |own, at| receipt(own, at, 0, "Delivered"),
    )
}

pub(crate) fn telnyx(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        let done_at = done.map_or("null".to_owned(), |at| format!("\"{}Z\"", iso_ms(at)));
        format!(
            "{{\"record_type\":\"message_detail_record\",\"uuid\":\"{:x}\",\"created_at\":\"{}Z\",\
             \"sent_at\":\"{}Z\",\"completed_at\":{done_at},\"carrier\":\"Northwind\",\
             \"cld\":\"+{}\",\"cli\":\"ACME\",\"direction\":\"outbound\",\"message_type\":\"SMS\",\
             \"parts\":1,\"status\":\"{}\",\"errors\":null}}",
            own.id,
            iso_ms(own.asked),
            iso_ms(own.taken),
            number(own),
            state(done, "delivered", "sent"),
        )
    };
    list("data", &log.each(row))
}

pub(crate) fn plivo(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        format!(
            "{{\"error_code\":\"000\",\"from_number\":\"ACME\",\"message_direction\":\"outbound\",\
             \"message_state\":\"{}\",\"message_time\":\"{}+00:00\",\"message_type\":\"sms\",\
             \"message_uuid\":\"{:x}\",\"to_number\":\"{}\",\"units\":1}}",
            state(done, "delivered", "sent"),
            plain(own.asked),
            own.id,
            number(own),
        )
    };
    list("objects", &log.each(row))
}

pub(crate) fn messagebird(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, done: Option<i64>| {
        format!(
            "{{\"id\":\"{:x}\",\"direction\":\"mt\",\"type\":\"sms\",\"originator\":\"ACME\",\
             \"body\":\"Your code\",\"gateway\":10,\"createdDatetime\":\"{}+00:00\",\
             \"recipients\":{{\"totalCount\":1,\"items\":[{{\"recipient\":{},\"status\":\"{}\",\
             \"statusDatetime\":\"{}+00:00\",\"messagePartCount\":1,\"messageLength\":9,\
             \"recipientOperator\":\"Northwind\",\"mccmnc\":\"23415\"}}]}}}}",
            own.id,
            iso(own.asked),
            number(own),
            state(done, "delivered", "sent"),
            iso(done.unwrap_or(own.taken)),
        )
    };
    list("items", &log.each(row))
}

pub(crate) fn kannel(log: &Exported<'_>) -> Vec<u8> {
    let line = |own: &Message, at: i64, what: &str, mask: u32, text: &str| {
        format!(
            "{} {what} [SMSC:alpha] [SVC:codes] [ACT:] [BINF:] [FID:{:08X}] [META:] [from:ACME] \
             [to:+{}] [flags:-1:0:-1:0:{mask}] [msg:{}:{text}] [udh:0:]",
            plain(at),
            own.id,
            number(own),
            text.len(),
        )
    };
    log.events(
        |own| line(own, own.taken, "Sent SMS", 31, "Your code"),
        |own, at| line(own, at, "Receive DLR", 1, &receipt(own, at, false)),
    )
}

pub(crate) fn kannel_sqlbox(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, _| {
        format!(
            "{},MT,ACME,{},Your+code,{},alpha,codes",
            own.id,
            number(own),
            EPOCH + own.asked.div_euclid(SECOND)
        )
    };
    table("sql_id,momt,sender,receiver,msgdata,time,smsc_id,service", log.each(row))
}

/// Those alone that a receipt is waited for.
pub(crate) fn kannel_dlr(log: &Exported<'_>) -> Vec<u8> {
    let row = |(own, done): (&Message, Option<i64>)| {
        done.is_none().then(|| {
            format!(
                "alpha,{:X},ACME,{},codes,http://localhost/dlr,31,8,box,{}",
                own.id,
                number(own),
                plain(own.taken)
            )
        })
    };
    let rows = log.rows().filter_map(row).collect();
    table("smsc,ts,source,destination,service,url,mask,status,boxc,time", rows)
}

pub(crate) fn jasmin(log: &Exported<'_>) -> Vec<u8> {
    log.events(
        |own| {
            format!(
                "{} INFO     2241 SMS-MT [cid:alpha] [queue-msgid:q-{}] [smpp-msgid:{:x}] \
                 [status:ESME_ROK] [prio:0] [dlr:SMSC_DELIVERY_RECEIPT_REQUESTED] [validity:none] \
                 [from:ACME] [to:{}] [content:'Your code']",
                plain(own.taken),
                own.id,
                own.id,
                number(own),
            )
        },
        |own, at| {
            format!(
                "{} INFO     2241 DLR [cid:alpha] [smpp-msgid:{:x}] [status:DELIVRD] \
                 [submit date:{}] [done date:{}] [sub/dlvrd messages:001/001] [err:000] \
                 [content:'{}']",
                plain(at),
                own.id,
                compact(own.taken, false),
                compact(at, false),
                receipt(own, at, false),
            )
        },
    )
}

pub(crate) fn jasmin_submits(log: &Exported<'_>) -> Vec<u8> {
    let row = |own: &Message, _| {
        format!(
            "q-{},smppsapi,alpha,ACME,{},0.0079,1,Your code,,ESME_ROK,codes,1,{},{}",
            own.id,
            number(own),
            plain(own.asked),
            plain(own.taken),
        )
    };
    table(
        "msgid,source_connector,routed_cid,source_addr,destination_addr,rate,pdu_count,short_message,\
         binary_message,status,uid,trials,created_at,status_at",
        log.each(row),
    )
}

/// Text of an SMPP receipt.
fn receipt(own: &Message, at: i64, seconds: bool) -> String {
    format!(
        "id:{:08X} sub:001 dlvrd:001 submit date:{} done date:{} stat:DELIVRD err:000 text:Your code",
        own.id,
        compact(own.taken, seconds),
        compact(at, seconds),
    )
}

fn receipts(log: &Exported<'_>, seconds: bool) -> Vec<u8> {
    lines(log.rows().filter_map(|(own, done)| Some(receipt(own, done?, seconds))))
}

pub(crate) fn receipts_in_minutes(log: &Exported<'_>) -> Vec<u8> {
    receipts(log, false)
}

pub(crate) fn receipts_in_seconds(log: &Exported<'_>) -> Vec<u8> {
    receipts(log, true)
}
