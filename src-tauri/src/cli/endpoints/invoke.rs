//! `berth endpoints invoke`.

use super::super::{Context, Outcome, complain, exit_code, print};
use crate::arguments::InvokeArgs;
use berth_app::input_file::{self, NamedBy};
use berth_contract::failure::{Failure, FailureCode, Remedy};
use berth_contract::model::{CallAnswer, CallEnd, CallOutcome, EndpointCall};
use berth_domain::scoring::{ANSWER_BYTES, REQUEST_BYTES};
use berth_domain::visible;
use std::io::Read as _;
use std::path::Path;

/// Calls the endpoint. The answer goes to standard output, everything about it to standard error.
pub(super) async fn invoke(context: &Context<'_>, args: &InvokeArgs) -> Outcome {
    let request = match args.data.as_deref() {
        Some(path) if path != Path::new("-") => read_file(path).await?,
        _ => read_stdin()?,
    };
    let call = EndpointCall {
        account: context.account.clone(),
        endpoint_id: args.id.clone(),
        version: args.version.clone(),
        trusted_host: args.trust_host.clone(),
    };
    let outcome = context.berth.call_endpoint(&call, request, ANSWER_BYTES).await;
    let outcome = outcome.inspect_err(hint)?;
    if context.json {
        print::json(&outcome);
    } else {
        show(&outcome, args.headers);
    }
    let status = outcome.answer.map(|answer| answer.status);
    Ok(exit_code(
        status.is_some_and(|status| (200..300).contains(&status)),
    ))
}

async fn read_file(path: &Path) -> Result<Vec<u8>, Failure> {
    let limit = u64::try_from(REQUEST_BYTES).unwrap_or(u64::MAX);
    let read = input_file::read(path, NamedBy::Person, limit).await?;
    Ok(read.to_vec())
}

fn read_stdin() -> Result<Vec<u8>, Failure> {
    let mut request = Vec::new();
    // One byte more than allowed shows that there is too much.
    let limit = u64::try_from(REQUEST_BYTES + 1).unwrap_or(u64::MAX);
    let read = std::io::stdin().lock().take(limit).read_to_end(&mut request);
    read.map_err(|error| {
        Failure::new(FailureCode::BadInput, Remedy::CorrectInput)
            .with("what", "stdin")
            .with("why", &error)
            .because(&error)
    })?;
    Ok(request)
}

/// Says how to call a front end that Berth cannot confirm.
fn hint(failure: &Failure) {
    let param = |name: &str| failure.params.get(name).map(String::as_str);
    if param("reason") != Some("address_unconfirmed") {
        return;
    }
    let host = param("host").unwrap_or_default();
    let host = visible::line(host);
    complain(&format!(
        "If you know that {host} is right, repeat the command with --trust-host {host}."
    ));
}

fn show(outcome: &CallOutcome, headers: bool) {
    if outcome.is_plain {
        complain(
            "The address is not encrypted (http): others on the way can read the request, the answer, and the key or token if there is one.",
        );
    }
    match &outcome.answer {
        Some(answer) => show_answer(answer, headers),
        None => {
            complain(end(outcome.end));
            let detail = outcome.detail.as_deref().unwrap_or_default();
            complain(&format!("  {}", visible::line(detail)));
        }
    }
}

fn show_answer(answer: &CallAnswer, headers: bool) {
    let version = answer.version.as_deref();
    let version = version.map_or_else(String::new, |version| format!(", version {version}"));
    let summary = format!("Status {}, {} ms{version}", answer.status, answer.took_ms);
    complain(&visible::line(&summary));
    if headers {
        for header in &answer.headers {
            complain(&visible::line(&format!("  {}: {}", header.name, header.value)));
        }
    }
    match &answer.body {
        Some(body) => print::line(body.trim_end()),
        None => complain(&format!("The answer is not text ({} bytes).", answer.bytes)),
    }
    if !answer.is_complete {
        complain(&format!(
            "Only the first {} bytes of the answer were read.",
            answer.bytes
        ));
    }
}

const fn end(end: CallEnd) -> &'static str {
    match end {
        CallEnd::Answered | CallEnd::Cut => "The connection ended before the answer was complete.",
        CallEnd::TimedOut => "The endpoint did not answer in time.",
        CallEnd::NotConnected => "There was no connection to the endpoint.",
        CallEnd::Untrusted => "The certificate of the endpoint is not trusted. Nothing was sent.",
    }
}
