//! How the office itself is, as those who lead see it on the page.
use super::Desk;
use crate::conversation::{
    audit::{Finding, Health},
    phrase::{AuditLine, Phrase},
    piece::Piece,
};

/// Findings that are told one by one.
const FINDINGS_MAX: usize = 20;

/// How the office itself is: whom nothing reaches, and what the last audit found.
pub(super) fn said(health: &Health, desk: &Desk) -> Vec<Piece> {
    let line = |line| Piece::Line(Phrase::Audit(line));
    let mut pieces: Vec<Piece> = health
        .out_of_reach
        .iter()
        .map(|out| {
            Piece::Strong(Phrase::Audit(AuditLine::OutOfReach {
                name: desk.name(out.person).unwrap_or_default(),
                since: out.since,
            }))
        })
        .collect();
    let Some(audited) = &health.audited else {
        pieces.push(Piece::Quiet(Phrase::Audit(AuditLine::NotYet)));
        return pieces;
    };
    let at = desk.office.calendar.local(audited.at);
    let team = desk.scene.sender.team;
    let of_ours = |finding: &&Finding| finding.team.is_none_or(|of| of == team);
    let ours: Vec<&Finding> = audited.findings.iter().filter(of_ours).collect();
    if ours.is_empty() {
        pieces.push(Piece::Quiet(Phrase::Audit(AuditLine::AllWell { at })));
        return pieces;
    }
    let count = ours.len();
    pieces.push(Piece::Strong(Phrase::Audit(AuditLine::Found { at, count })));
    pieces.extend(
        ours.iter()
            .take(FINDINGS_MAX)
            .map(|found| line(AuditLine::of(found))),
    );
    if count > FINDINGS_MAX {
        pieces.push(line(AuditLine::Others {
            count: count - FINDINGS_MAX,
        }));
    }
    pieces
}
