//! Samples of what is said about the office's own health.
use crate::bot::day;
use koekake::{
    conversation::{
        audit::Trouble,
        phrase::{AuditLine, Phrase},
    },
    domain::household::Code,
};
use strum::VariantArray;

pub fn lines() -> Vec<AuditLine> {
    let at = day("2026-11-25").and_hms_opt(10, 5, 0).expect("a time");
    let name = || "佐藤".to_owned();
    let mut lines = vec![
        AuditLine::AllWell { at },
        AuditLine::Found { at, count: 1 },
        AuditLine::Found { at, count: 3 },
        AuditLine::NotYet,
        AuditLine::OfHousehold {
            code: Code::of(12),
            trouble: Trouble::NudgeMissing,
            mended: true,
        },
        AuditLine::Trouble {
            trouble: Trouble::LoopStill,
            which: Some("deliver".to_owned()),
            mended: true,
        },
        AuditLine::Others { count: 4 },
        AuditLine::DetailsOnPage,
        AuditLine::Proof {
            open: 47,
            unscheduled: 0,
            sent: 5,
            failed: 0,
        },
        AuditLine::OutOfReach {
            name: name(),
            since: Some(day("2026-11-24")),
        },
        AuditLine::OutOfReach {
            name: name(),
            since: None,
        },
    ];
    lines.extend(Trouble::VARIANTS.iter().map(|trouble| AuditLine::Trouble {
        trouble: *trouble,
        which: None,
        mended: false,
    }));
    lines
}

/// What must never be, told as it would be.
pub fn unscheduled() -> Vec<Phrase> {
    vec![
        Phrase::OverdueTeam {
            overdue: 6,
            open: 47,
            unscheduled: 2,
        },
        Phrase::NothingOverdue {
            open: 47,
            unscheduled: 1,
        },
        Phrase::Audit(AuditLine::Proof {
            open: 47,
            unscheduled: 1,
            sent: 5,
            failed: 2,
        }),
    ]
}
