//! The sentences of checks: each code of the catalogue `proof` in `ui/src/locales`, with the values that it needs.

use berth_contract::run::{ProofCheck, ProofCheckKind, ProofCheckState};
use std::collections::BTreeMap;

macro_rules! sentences {
    ($( $kind:ident { $( $name:ident = $code:literal ( $($value:ident),* ) )+ } )+) => {
        /// A sentence about a check. It cannot be built without the values that its text needs.
        #[derive(Debug)]
        pub(super) enum Sentence { $($( $name { $($value: String),* }, )+)+ }

        impl Sentence {
            /// ProofCheck, code and value names of every sentence.
            #[cfg(test)]
            const ALL: &'static [(ProofCheckKind, &'static str, &'static [&'static str])] =
                &[$($( (ProofCheckKind::$kind, $code, &[$(stringify!($value)),*]), )+)+];

            /// Builds the check with this sentence.
            pub(super) fn check(self, state: ProofCheckState) -> ProofCheck {
                let (kind, code, params) = match self {
                    $($( Self::$name { $($value),* } => {
                        (ProofCheckKind::$kind, $code, BTreeMap::from([$((stringify!($value).to_owned(), $value)),*]))
                    } )+)+
                };
                ProofCheck { kind, state, code: code.to_owned(), params }
            }
        }
    };
}

sentences! {
    Name {
        NoName = "name.none" (address)
        NameUnknown = "name.untold" ()
        NameResolves = "name.resolves" (name, address)
        NameOfAzure = "name.of_azure" (name, address)
        NameMissing = "name.missing" (name, address)
        NameElsewhere = "name.elsewhere" (name, address, found)
        NameChanged = "name.changed" (name, former)
    }
    Address {
        AddressUnconfirmed = "address.unconfirmed" (address)
        AddressUnknown = "address.unknown" (address)
        NotInternal = "address.not_internal" (address)
        NotPublic = "address.not_public" (address)
        Public = "address.public" (address)
        InSubnet = "address.in_subnet" (address, subnet)
        Internal = "address.internal" (address)
    }
    Tcp {
        NoPort = "tcp.no_port" (scheme)
        Connects = "tcp.connects" (at, ms)
        NotFromHere = "tcp.not_from_here" (at)
        ConnectionRefused = "tcp.refused" (at, why)
        Silent = "tcp.silent" (at, why)
        Unreachable = "tcp.unreachable" (at, why)
    }
    Tls {
        TlsOff = "tls.off" ()
        TlsNotReached = "tls.not_reached" ()
        TlsNotFromHere = "tls.not_from_here" ()
        NoTls = "tls.none" (why)
        TlsRefused = "tls.refused" (why)
        TlsFailed = "tls.failed" (why)
        Applied = "tls.same" (protocol, cipher, sha256)
        OtherThanApplied = "tls.other" (protocol, cipher, sha256, applied)
        FormerAgain = "tls.former_again" (protocol, cipher, sha256)
        OtherThanFormer = "tls.not_former" (protocol, cipher, sha256, applied)
        Covers = "tls.covers" (protocol, cipher, sha256, name, names)
        OtherName = "tls.other_name" (protocol, cipher, sha256, name, names)
        Renewed = "tls.renewed" (protocol, sha256, name, until, days)
        NotDue = "tls.not_due" (protocol, sha256, name, until, days)
        NotRenewed = "tls.not_renewed" (protocol, sha256, name, until, days)
    }
    Answer {
        AnswerNotReached = "answer.not_reached" ()
        AnswerNotFromHere = "answer.not_from_here" ()
        NoAnswer = "answer.silent" (why)
        GoodAnswer = "answer.good" (status)
        ErrorAnswer = "answer.error" (status)
    }
    Nodes {
        NodesReady = "nodes.ready" (pool, ready, nodes, version)
        FewNodes = "nodes.few" (pool, ready, nodes)
        ManyNodes = "nodes.many" (pool, ready, most)
        NodesOfOtherVersion = "nodes.version" (pool, version, wanted)
        NodesUnseen = "nodes.unseen" (pool, why)
    }
    Version {
        VersionHolds = "version.holds" (version)
        OtherVersion = "version.other" (version, wanted)
    }
    Support {
        SupportHolds = "support.holds" (tier, plan)
        OtherSupport = "support.other" (tier, plan, tier_wanted, plan_wanted)
    }
    Power {
        Running = "power.running" (cluster)
        Stopped = "power.stopped" (cluster)
        OtherPower = "power.other" (cluster, state)
    }
    There {
        There = "there.holds" (name)
        Absent = "there.absent" (name)
        ThereInState = "there.state" (name, state)
    }
    Gone {
        Gone = "gone.holds" (name)
        StillThere = "gone.still" (name, state)
    }
    Clean {
        Clean = "clean.holds" ()
        Left = "clean.left" (objects)
        InsideUnseen = "clean.unseen" (why)
    }
    Score {
        Scored = "score.answers" (version, status, ms)
        ScoreRefused = "score.refused" (version, status)
        NoScore = "score.silent" (version, why)
        ScoreNotFromHere = "score.not_from_here" (version, why)
        ScoreElsewhere = "score.elsewhere" (version, host)
        NoScoreAddress = "score.no_address" (version)
    }
    Key {
        KeyChanged = "key.changed" (name)
        KeySame = "key.same" (name)
    }
    Access {
        SampleAccepted = "access.sample" (name, status, sample)
        Accepted = "access.accepted" (name, status)
        KeyRefused = "access.refused" (name, status)
        NoAccess = "access.silent" (name, why)
        AccessNotFromHere = "access.not_from_here" (name, why)
        AccessElsewhere = "access.elsewhere" (name, host)
        NoAccessAddress = "access.no_address" (name)
    }
    Same {
        Same = "same.holds" (count)
        NothingToCompare = "same.nothing" ()
        Differs = "same.differs" (url, former, now)
        Incomparable = "same.unseen" (why)
    }
}

#[cfg(test)]
mod tests {
    use super::Sentence;
    use berth_contract::run::ProofCheckKind;
    use serde_json::Value;
    use std::collections::{BTreeMap, BTreeSet};

    const ENGLISH: &str = include_str!("../../../../../ui/src/locales/en/proof.json");

    fn word(kind: ProofCheckKind) -> String {
        let word = serde_json::to_value(kind).unwrap();
        word.as_str().unwrap().to_owned()
    }

    /// The sentences of the catalogue under their codes (`tls.same`), and the titles of the checks.
    fn catalogue() -> (BTreeMap<String, String>, BTreeSet<String>) {
        let mut all: BTreeMap<String, BTreeMap<String, Value>> = serde_json::from_str(ENGLISH).unwrap();
        let titles = all.remove("check").expect("the titles of the checks");
        let mut sentences = BTreeMap::new();
        for (kind, words) in all {
            for (name, text) in words {
                sentences.insert(format!("{kind}.{name}"), text.as_str().unwrap().to_owned());
            }
        }
        (sentences, titles.into_keys().collect())
    }

    fn placeholders(text: &str) -> impl Iterator<Item = &str> {
        let names = text.split("{{").skip(1);
        names.filter_map(|tail| tail.split("}}").next()).map(str::trim)
    }

    #[test]
    fn the_catalogue_has_exactly_the_checks_and_sentences_of_the_code() {
        let (sentences, titles) = catalogue();
        let kinds: BTreeSet<String> = ProofCheckKind::ALL.iter().map(|&kind| word(kind)).collect();
        assert_eq!(titles, kinds);
        let with_text: Vec<&str> = sentences.keys().map(String::as_str).collect();
        let mut codes: Vec<&str> = Sentence::ALL.iter().map(|(_, code, _)| *code).collect();
        codes.sort_unstable();
        assert_eq!(with_text, codes);
        for (kind, code, _) in Sentence::ALL {
            assert!(
                code.starts_with(&format!("{}.", word(*kind))),
                "{code} is of {kind:?}"
            );
        }
    }

    #[test]
    fn each_sentence_has_the_values_its_text_needs() {
        let (sentences, _) = catalogue();
        for (_, code, values) in Sentence::ALL {
            for name in placeholders(&sentences[*code]) {
                assert!(values.contains(&name), "{code} needs {name}");
            }
        }
    }
}
