//! The forms of words: done, yet to come, or denied, by what follows them.
use super::{
    personal::{Script, kind_of},
    trie::Trie,
};
use std::sync::LazyLock;

/// How a word stands in its sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Form {
    /// A noun alone, as in most notes.
    Bare,
    /// した, しました, して, 済
    Done,
    /// する, 話す: done in a diary, yet to come in a plan.
    Plain,
    /// します, 予定, したい
    ToCome,
    /// なし, せず
    Denied,
    /// ではなく, じゃなくて: replaced by what follows.
    Replaced,
}

/// Endings of a verb after its stem.
const VERB: &[(Form, &str)] = &[
    (
        Form::Denied,
        "ず ない なかった ません ませんでした なくて なく なさそう んかった はしなかった \
         はせず はしない もせず もしなかった はしていない ていない ていません ていなかった \
         てない てません てはいない さず さない さなかった",
    ),
    (
        Form::Done,
        "た だ ました て で ている ていた ています ていました てます てました てる てた \
         てきた てくれた てくれて てくれました てもらえた てもらえました てもらった \
         ていただけた ていただいた ていただきました てくださった てくださいました てしまった \
         てしまいました ちゃった たら たが たので たけど まして った って りました れた \
         れました れて られた られて られました られている られていた いた いて いている していた っている っていた ってる ってた んだ \
         んでいる し んでいた かった くなった",
    ),
    (Form::Plain, "る う す く むこと る様子 い"),
    (
        Form::ToCome,
        "ます たい よう る予定 るつもり てみる てみます てください てほしい てもらう \
         てもらいます に行く に行きます ましょう ますね ておきます ておく れば られるよう そう そうです そうだ \
         てもよい てもいい てもよいと てもいいと ても良い ても良いと てもかまわ ても構わ",
    ),
];

/// Endings of a noun. Before them a particle may stand.
const NOUN: &[(Form, &str)] = &[
    (
        Form::Denied,
        "なし 無し 無く なく ない 無い なかった 無かった ありません ありませんでした せず \
         しなかった していない していません してない しない しません しませんでした されず \
         されなかった されない × ✕ ✖ ❌ できず できなかった できない できません できませんでした \
         出来ず 出来なかった 出来ない 来ず 来なかった 来ない 来てない 来ていない 来ません \
         こず こなかった こない きていない きてない まだ いまだ 忘れ 忘れた 忘れて 置き忘れ 置くの忘れ 置くのを忘れ 入れ忘れ 渡し忘れ 残さず 残さなかった \
         残せず 置かず 置かなかった 置けず 入れず 入れなかった 入れられず 渡せず 渡せなかった \
         渡さず ならず ならなかった ならない 切り替わらず 切り替わらない \
         そのまま そのままだった そのままに ではない ではありません ではなかった じゃない \
         じゃなかった 渡そうとし 渡そうとする 手渡そうとし 置こうとし 入れようとし 未実施 発言なし 発言はない 発言はなかった 発言ない 訴えなし 訴えはない 訴えはなかった \
         言動なし 言動はない 様子なし 様子はない 様子はなかった 話なし 話はない 話はなかった \
         言わず 言わない 言わなかった 言わなくなった \
         話さず 口にせず 口にしない 口にしなくなった 思わなくなった \
         認めず 認めない 認めなかった 認められず 認められない 認められなかった 見られず 見られない 見られなかった みられず みられない \
         うかがえず うかがえない 確認されず 確認されなかった 聞かれず 聞かれなかった \
         兆候なし 恐れなし おそれなし 恐れはない おそれはない 心配なし 心配はない 可能性はない",
    ),
    (
        Form::Replaced,
        "ではなく ではなくて じゃなく じゃなくて でなく でなくて じゃなしに",
    ),
    (
        Form::Done,
        "○ ◯ 〇 ⭕ した しました して したら したが したけど したところ しています していた \
         していました しており 済 済み ずみ 済みです できた できました あり 有り 有 \
         ありました があった あった しに行った に行った に行きました に行って に行ったが \
         に行ったら に行ったけど しに行ったが いってきた 行ってきた 行ってきました に伺った \
         に伺いました に伺ったが するも するが すると しますが しますも しますと したものの \
         されて された されました きた 来た きました 来ました 届く 届いた 届きました いただ \
         頂い もらった もらえた だった でした かけた かけました かけたが かけたけど かけるも \
         かけて してくれた してくれて してくれました してもらえた してもらえました \
         してもらった していただいた していただけた してきた してきました 入れた 入れました",
    ),
    (Form::Plain, "する かける 入れる してから をしてから"),
    (
        Form::ToCome,
        "あったら あれば ありましたら 来たら きたら 来れば 入ったら かかってきたら 待ち まち にかけたい にかける にかけます します したい しよう してみ してみます してみる 予定 する予定 の予定 予定日 \
         するつもり に行く に行きます に行く予定 しに行く しに行きます に伺う に伺います に切り替え に切り替える に切り替えます へ切り替え \
         にうかがいます 希望 検討 しますね かけます かけてみます かけてみる 入れます \
         してください してほしい てください て下さい てほしい ください お願い のお願い 依頼 していきます していく \
         しておきます しておく とする とします させて させてください したいと できれば 待って \
         必要 が必要 してもらう してもらえます していただけます してもらいたい してもらいます \
         調整 を調整 の調整",
    ),
];

const PARTICLES: [&str; 21] = [
    "",
    "は",
    "も",
    "が",
    "を",
    "の",
    "に",
    "には",
    "にも",
    "とは",
    "と",
    "など",
    "などは",
    "だけ",
    "等",
    "などの",
    "等の",
    "との",
    "という",
    "といった",
    "のような",
];

static VERB_ENDINGS: LazyLock<Trie<Form>> = LazyLock::new(|| endings(VERB, &[""]));
static NOUN_ENDINGS: LazyLock<Trie<Form>> = LazyLock::new(|| endings(NOUN, &PARTICLES));
/// The stems of leaving something, behind any particle.
static LEAVING_STEMS: LazyLock<Trie<()>> = LazyLock::new(|| stems(&LEAVING));
/// The stems of taking it away again, and of keeping it.
static TAKING_STEMS: LazyLock<Trie<()>> = LazyLock::new(|| stems(&TAKING));

fn stems(verbs: &[&str]) -> Trie<()> {
    let mut trie = Trie::new();
    for verb in verbs {
        for particle in PARTICLES {
            *trie.entry(&format!("{particle}{verb}")) = Some(());
        }
    }
    trie
}

fn endings(table: &[(Form, &str)], particles: &[&str]) -> Trie<Form> {
    let mut trie = Trie::new();
    for (form, endings) in table {
        for ending in endings.split_whitespace() {
            for particle in particles {
                *trie.entry(&format!("{particle}{ending}")) = Some(*form);
            }
        }
    }
    trie
}

/// The form of a verb whose stem a folded text follows, and the length of its
/// ending; None where the text is no ending at all. 怒鳴られ、: a stem of the
/// passive may stand without one.
pub(super) fn of_verb(stem: &str, rest: &str) -> Option<(usize, Form)> {
    let ending = VERB_ENDINGS
        .longest(rest)
        .map(|(length, form)| (length, *form));
    let goes_on = rest.starts_with(|c| kind_of(c) == Some(Script::Hiragana));
    ending.or_else(|| (stem.ends_with('れ') && !goes_on).then_some((0, Form::Done)))
}

/// The form of a noun that a folded text follows, and how far it reaches.
pub(super) fn of_noun(rest: &str) -> (usize, Form) {
    if let Some((length, form)) = NOUN_ENDINGS.longest(rest) {
        return (length, *form);
    }
    leaving(rest).unwrap_or((0, Form::Bare))
}

/// 名刺は置いてこなかった: the verbs of leaving something, in any form.
fn leaving(rest: &str) -> Option<(usize, Form)> {
    let (verb, ()) = LEAVING_STEMS.longest(rest)?;
    let after = &rest[verb..];
    let going = ["ていか", "てこ", "て来", "てき", "て"]
        .iter()
        .find(|going| after.starts_with(**going))
        .copied();
    let (length, form) = VERB_ENDINGS
        .longest(&after[going.map_or(0, str::len)..])
        .map(|(length, form)| (length, *form))
        .or(going.map(|_| (0, Form::Done)))?;
    Some((verb + going.map_or(0, str::len) + length, form))
}

/// 名刺は持ち帰った, 手紙はやめた: what was taken away, or kept, is not left; but it is where
/// the others were asked to take it (持ち帰ってもらった).
pub(super) fn of_taking(rest: &str) -> Option<(usize, Form)> {
    let (verb, ()) = TAKING_STEMS.longest(rest)?;
    let after = &rest[verb..];
    let (length, form) = match VERB_ENDINGS.longest(after) {
        Some((length, form)) => (length, *form),
        None if after.starts_with(|c| kind_of(c) == Some(Script::Hiragana)) => return None,
        None => (0, Form::Done),
    };
    // って, りて: the verb of giving may stand behind its own ending.
    let asked = after.trim_start_matches(['っ', 'り', 'し', 'て']);
    let is_given = ["もら", "いただ", "頂", "くれ", "くださ"]
        .iter()
        .any(|verb| asked.starts_with(verb));
    let form = match form {
        Form::Done | Form::Plain | Form::ToCome if !is_given => Form::Denied,
        Form::Denied => Form::Bare,
        form => form,
    };
    Some((verb + length, form))
}

const TAKING: [&str; 18] = [
    "やめ",
    "控え",
    "見送",
    "見合わせ",
    "忘れ",
    "もちかえ",
    "もってかえ",
    "持ち帰",
    "持ち帰ら",
    "持ち帰り",
    "持って帰",
    "持って帰ら",
    "持って帰り",
    "持ち出し",
    "持ち去",
    "回収",
    "回収し",
    "引き上げ",
];

const LEAVING: [&str; 20] = [
    "わたし",
    "わたさ",
    "わたせ",
    "のこし",
    "のこさ",
    "いれ",
    "おい",
    "置い",
    "置か",
    "置け",
    "入れ",
    "入れられ",
    "残し",
    "残さ",
    "残せ",
    "渡し",
    "渡さ",
    "渡せ",
    "挟ん",
    "挟ま",
];
