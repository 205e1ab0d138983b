//! What can be wrong with traffic.

/// Why a traffic map cannot be read, or must not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TrafficProblem {
    #[error("the answer has no traffic map")]
    Unread,
    #[error("the traffic of {version} is {value}; it must be a whole number from 0 to 100")]
    NotAPercent { version: String, value: String },
    #[error("the traffic of {version} is given twice; names that differ only in case are one version")]
    Twice { version: String },
    #[error("the traffic adds up to {sum}; it must be 100")]
    Sum { sum: u32 },
    #[error("no version would have traffic ({live} would lose it); say so if that is meant")]
    LeavesNone { live: String },
    #[error("no traffic was asked for, but the map adds up to {sum}")]
    NotNone { sum: u32 },
    #[error("there is no version {version}; there are: {versions}")]
    UnknownVersion { version: String, versions: String },
    #[error("{version} cannot get more traffic, because it is {state}")]
    NotReady { version: String, state: String },
    #[error("no other version can take the remaining {rest} %; unlock one, or wait until one is ready")]
    NobodyTakes { rest: u8 },
    #[error("{version} can have at most {most} %, because the rest is locked")]
    Locked { version: String, most: u8 },
    #[error("{version} has {percent} % of the traffic; move it to another version first")]
    HasTraffic { version: String, percent: u8 },
    #[error("{version} is the only version; delete the endpoint instead")]
    OnlyVersion { version: String },
    #[error("{rest} % is not assigned, and no version is the default")]
    NoDefault { rest: u8 },
    #[error("{first} and {second} are both the default version")]
    TwoDefaults { first: String, second: String },
}

impl TrafficProblem {
    /// There is no version of this name among those of the endpoint.
    pub(super) fn unknown_version<'a>(version: &str, versions: impl Iterator<Item = &'a str>) -> Self {
        let versions: Vec<&str> = versions.collect();
        Self::UnknownVersion {
            version: version.to_owned(),
            versions: versions.join(", "),
        }
    }

    /// Key of its text.
    pub const fn code(&self) -> &'static str {
        match self {
            Self::Unread => "unread",
            Self::NotAPercent { .. } => "not_a_percent",
            Self::Twice { .. } => "twice",
            Self::Sum { .. } => "sum",
            Self::LeavesNone { .. } => "leaves_none",
            Self::NotNone { .. } => "not_none",
            Self::UnknownVersion { .. } => "unknown_version",
            Self::NotReady { .. } => "not_ready",
            Self::NobodyTakes { .. } => "nobody_takes",
            Self::Locked { .. } => "locked",
            Self::HasTraffic { .. } => "has_traffic",
            Self::OnlyVersion { .. } => "only_version",
            Self::NoDefault { .. } => "no_default",
            Self::TwoDefaults { .. } => "two_defaults",
        }
    }

    /// Values for the placeholders of its text.
    pub fn params(&self) -> Vec<(&'static str, String)> {
        match self {
            Self::Unread => Vec::new(),
            Self::NotAPercent { version, value } => {
                vec![("version", version.clone()), ("value", value.clone())]
            }
            Self::Twice { version } | Self::OnlyVersion { version } => vec![("version", version.clone())],
            Self::Sum { sum } | Self::NotNone { sum } => vec![("sum", sum.to_string())],
            Self::LeavesNone { live } => vec![("live", live.clone())],
            Self::UnknownVersion { version, versions } => {
                vec![("version", version.clone()), ("versions", versions.clone())]
            }
            Self::NotReady { version, state } => vec![("version", version.clone()), ("state", state.clone())],
            Self::NobodyTakes { rest } | Self::NoDefault { rest } => vec![("rest", rest.to_string())],
            Self::Locked { version, most } => vec![("version", version.clone()), ("most", most.to_string())],
            Self::HasTraffic { version, percent } => {
                vec![("version", version.clone()), ("percent", percent.to_string())]
            }
            Self::TwoDefaults { first, second } => vec![("first", first.clone()), ("second", second.clone())],
        }
    }
}
