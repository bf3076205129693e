//! A CSV file as a table with known columns.
use anyhow::{Context, bail};
use csv::{ReaderBuilder, StringRecord};
use std::{fs, path::Path};
use unicode_normalization::UnicodeNormalization;

/// Larger files are no table of one office.
const BYTES_MAX: u64 = 16 * 1024 * 1024;

/// A column by its names.
pub struct Column {
    pub english: &'static str,
    pub japanese: &'static str,
    /// Whether the file must have it; its fields may be empty all the same.
    pub needed: bool,
}

impl Column {
    pub const fn new(english: &'static str, japanese: &'static str, needed: bool) -> Column {
        Column {
            english,
            japanese,
            needed,
        }
    }
}

/// One row: its line in the file, and the fields of the wanted columns in their
/// order, empty where the file has no such column.
pub struct Row<const N: usize> {
    pub line: u64,
    pub fields: [String; N],
}

/// Reads the file. The header may have the columns in any order; rows without
/// anything in them are passed over.
pub fn read<const N: usize>(path: &Path, columns: &[Column; N]) -> anyhow::Result<Vec<Row<N>>> {
    let text = text_of(path).with_context(|| format!("{}", path.display()))?;
    let text = text.trim_start_matches('\u{feff}');
    let mut reader = ReaderBuilder::new()
        // A row that is too short or too long is said to be so with its line.
        .flexible(true)
        .has_headers(false)
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let Some(header) = records.next() else {
        bail!("見出しの行がありません (there is no header)");
    };
    let header = header.context("見出しの行が読めません (the header cannot be read)")?;
    let places = places(&header, columns)?;
    let mut lines = Lines::of(text);
    let mut rows = Vec::new();
    for record in records {
        let record = record.context("CSV として読めません (this is no CSV)")?;
        let line = lines.at(record.position().map_or(0, csv::Position::byte));
        if record.iter().all(|field| field.trim().is_empty()) {
            continue;
        }
        let more = record.iter().skip(header.len());
        if more.into_iter().any(|field| !field.trim().is_empty()) {
            bail!(
                "{line}行目に見出しより多い項目があります。項目の中の , は \" \" で囲んでください \
                 (line {line} has more fields than the header: put a field with a comma in quotes)"
            );
        }
        let field = |place: Option<usize>| {
            let field = place.and_then(|place| record.get(place));
            field.unwrap_or_default().trim().to_owned()
        };
        rows.push(Row {
            line,
            fields: places.map(field),
        });
    }
    Ok(rows)
}

/// Counts the lines of a text on the way through it. The reader's own count is
/// one short where lines end as on Windows.
struct Lines<'t> {
    text: &'t [u8],
    byte: usize,
    line: u64,
}

impl Lines<'_> {
    fn of(text: &str) -> Lines<'_> {
        Lines {
            text: text.as_bytes(),
            byte: 0,
            line: 1,
        }
    }

    /// The line of what begins at that byte or, where it ends a line, behind it;
    /// bytes are asked for in their order.
    fn at(&mut self, byte: u64) -> u64 {
        let byte = usize::try_from(byte).unwrap_or(usize::MAX);
        while let Some(&passed) = self.text.get(self.byte) {
            if self.byte >= byte && !matches!(passed, b'\r' | b'\n') {
                break;
            }
            self.line += u64::from(passed == b'\n');
            self.byte += 1;
        }
        self.line
    }
}

fn text_of(path: &Path) -> anyhow::Result<String> {
    if fs::metadata(path)?.len() > BYTES_MAX {
        bail!("16 MB を超えています (the file is larger than 16 MB)");
    }
    match String::from_utf8(fs::read(path)?) {
        Ok(text) => Ok(text),
        Err(_) => bail!(
            "UTF-8 ではありません。Excel では「名前を付けて保存」で「CSV UTF-8(コンマ区切り)」を\
             選んでください (this is no UTF-8: in Excel, save it as \"CSV UTF-8\")"
        ),
    }
}

/// Where each wanted column stands in the file.
fn places<const N: usize>(
    header: &StringRecord,
    columns: &[Column; N],
) -> anyhow::Result<[Option<usize>; N]> {
    let mut places = [None; N];
    for (place, title) in header.iter().enumerate() {
        let written = title_of(title);
        let named = |column: &Column| [column.english, column.japanese].contains(&written.as_str());
        match columns.iter().position(named) {
            Some(column) if places[column].is_none() => places[column] = Some(place),
            Some(_) => bail!("見出し「{title}」が二つあります (the column {title} is there twice)"),
            None if written.is_empty() => {}
            None => bail!(
                "見出し「{title}」は分かりません。使える見出し: {} (unknown column {title}; known: {})",
                names(columns, |column| column.japanese),
                names(columns, |column| column.english),
            ),
        }
    }
    for (column, place) in columns.iter().zip(&places) {
        if column.needed && place.is_none() {
            bail!(
                "見出し「{}」がありません (the column {} is missing)",
                column.japanese,
                column.english
            );
        }
    }
    Ok(places)
}

/// A title as it is compared: width, case, and what joins its words do not matter.
fn title_of(title: &str) -> String {
    let plain: String = title.nfkc().collect();
    let words = plain.to_lowercase().replace(['_', '-'], " ");
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

fn names(columns: &[Column], name: impl Fn(&Column) -> &'static str) -> String {
    columns.iter().map(name).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::{Column, read};
    use std::fs;

    const COLUMNS: [Column; 2] = [
        Column::new("first known", "第一報日", false),
        Column::new("code", "コード", true),
    ];

    fn rows(bytes: &[u8]) -> Result<Vec<(u64, [String; 2])>, String> {
        let folder = tempfile::tempdir().expect("a temp folder");
        let path = folder.path().join("table.csv");
        fs::write(&path, bytes).expect("writing");
        let rows = read(&path, &COLUMNS).map_err(|error| format!("{error:#}"))?;
        Ok(rows.into_iter().map(|row| (row.line, row.fields)).collect())
    }

    fn check(text: &str, expected: &[(u64, [&str; 2])]) {
        let rows = rows(text.as_bytes()).expect(text);
        let rows: Vec<(u64, [&str; 2])> = rows
            .iter()
            .map(|(line, fields)| (*line, [fields[0].as_str(), fields[1].as_str()]))
            .collect();
        assert_eq!(rows, expected, "{text}");
    }

    #[test]
    fn columns_stand_in_any_order_under_either_name() {
        let expected = [(2, ["2026-04-01", "H-012"])];
        check("code,first known\nH-012,2026-04-01\n", &expected);
        check("第一報日,コード\r\n2026-04-01,H-012\r\n", &expected);
        check(
            "\u{feff}\"Code\",First_Known\n H-012 ,2026-04-01",
            &expected,
        );
        check("ｺｰﾄﾞ,,第一報日\nH-012,,2026-04-01,\n", &expected);
        check("code\nH-012\n", &[(2, ["", "H-012"])]);
    }

    #[test]
    fn rows_keep_their_lines_and_empty_ones_are_passed_over() {
        check(
            "code,first known\n\n,\nH-012\n\"H-\n013\",x\nH-014,y\n",
            &[
                (4, ["", "H-012"]),
                (5, ["x", "H-\n013"]),
                (7, ["y", "H-014"]),
            ],
        );
        check(
            "code\r\n\r\nH-012\r\n\"H-\r\n013\"\r\nH-014",
            &[
                (3, ["", "H-012"]),
                (4, ["", "H-\r\n013"]),
                (6, ["", "H-014"]),
            ],
        );
        check("code\n", &[]);
    }

    #[test]
    fn what_is_no_such_table_is_refused_with_what_to_do() {
        let refused = |bytes: &[u8], part: &str| {
            let problem = rows(bytes).expect_err(part);
            assert!(problem.contains(part), "{problem}");
        };
        refused(b"", "there is no header");
        refused(b"first known\n", "the column code is missing");
        refused(b"code,codes\n", "unknown column codes");
        refused(
            b"code,\xe3\x82\xb3\xe3\x83\xbc\xe3\x83\x89\n",
            "there twice",
        );
        refused(b"code\nH-012,x\n", "line 2 has more fields");
        // 「コード」 in Shift_JIS.
        refused(b"\x83R\x81[\x83h\nH-012\n", "CSV UTF-8");
    }
}
