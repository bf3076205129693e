//! What is said about the office's own health.
use crate::{
    conversation::audit::{Finding, Trouble},
    domain::household::Code,
};
use chrono::{NaiveDate, NaiveDateTime};

/// One sentence of the auditor.
#[derive(Debug, Clone, PartialEq, Eq, strum::VariantNames)]
pub enum AuditLine {
    AllWell {
        at: NaiveDateTime,
    },
    Found {
        at: NaiveDateTime,
        count: usize,
    },
    NotYet,
    Trouble {
        trouble: Trouble,
        /// The loop's name.
        which: Option<String>,
        mended: bool,
    },
    /// The same of one household; on the page alone.
    OfHousehold {
        code: Code,
        trouble: Trouble,
        mended: bool,
    },
    Others {
        count: usize,
    },
    DetailsOnPage,
    /// That nothing is lost: open households, those of them without a date, and
    /// today's nudges.
    Proof {
        open: i64,
        unscheduled: i64,
        sent: i64,
        failed: i64,
    },
    /// No way reaches a colleague.
    OutOfReach {
        name: String,
        since: Option<NaiveDate>,
    },
}

impl AuditLine {
    /// A finding, with the household that it is about.
    pub fn of(finding: &Finding) -> AuditLine {
        let (trouble, mended) = (finding.trouble, finding.mended);
        match &finding.code {
            Some(code) => AuditLine::OfHousehold {
                code: code.clone(),
                trouble,
                mended,
            },
            None => AuditLine::Trouble {
                trouble,
                which: finding.which.clone(),
                mended,
            },
        }
    }
}
