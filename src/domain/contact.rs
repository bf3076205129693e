//! A contact 接触: one attempt to reach a household, whether anybody was met or not.
use super::closed_list;
use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use serde::{Deserialize, Serialize};

closed_list! {
    /// How the household was approached.
    pub enum Kind {
        /// 訪問
        Visit,
        /// 同行訪問: a visit together with a commissioner, an agency, …
        Accompany,
        /// 電話
        Call,
        /// 手紙
        Letter,
        /// メール
        Email,
        /// 来所
        Office,
        /// 家族会・集団の場
        Group,
        /// 情報提供: word from somebody else
        Info,
        /// ケース会議
        Conference,
        /// 関係機関連絡
        Agency,
        /// 受診同行
        Clinic,
    }
}

impl Kind {
    /// Whether it approaches the household itself; word from others, talks
    /// between offices and conferences do not.
    pub fn is_direct(self) -> bool {
        !matches!(self, Kind::Info | Kind::Conference | Kind::Agency)
    }

    /// Whether somebody goes to the home.
    pub fn is_visit(self) -> bool {
        matches!(self, Kind::Visit | Kind::Accompany)
    }
}

closed_list! {
    /// Who approached whom.
    pub enum Direction {
        /// The office approached the household (or the agency).
        Out,
        /// The household (or the agency) approached the office.
        In,
    }
}

closed_list! {
    /// How it went. The order is that of precedence: of several in one line
    /// the first wins (rule 2 of the language of the notes).
    pub enum Outcome {
        /// 死亡
        Died,
        /// 所在不明
        Missing,
        /// 転居
        Moved,
        /// 入院
        Hospitalised,
        /// 怒鳴られた
        Hostile,
        /// 拒否
        Refused,
        /// 名刺返却
        CardReturned,
        /// 「大丈夫です」
        Declined,
        /// 本人と会えた・話せた
        #[serde(rename = "self")]
        #[strum(serialize = "self")]
        Person,
        /// 家族と話せた
        Family,
        /// 声だけ、扉越し
        Voice,
        /// 返事・返信
        Reply,
        /// 来なかった
        NoShow,
        /// 先方の取りやめ
        Cancelled,
        /// こちらの取りやめ
        CalledOff,
        /// つながった
        Linked,
        /// 留守電
        MessageLeft,
        /// 不在
        Absent,
        /// 応答なし
        NoAnswer,
        /// 宛先不明で戻った
        ReturnedMail,
        /// 送付
        Sent,
        /// 名刺だけ置いた
        CardLeft,
        /// 情報
        Info,
        /// その他
        Other,
    }
}

impl Outcome {
    /// Whether the person or the family was met or heard.
    pub fn is_met(self) -> bool {
        matches!(
            self,
            Outcome::Hostile
                | Outcome::Refused
                | Outcome::CardReturned
                | Outcome::Declined
                | Outcome::Person
                | Outcome::Family
                | Outcome::Voice
        )
    }

    /// Whether nobody was there, or nobody came to the door or the telephone.
    pub fn is_unmet(self) -> bool {
        matches!(
            self,
            Outcome::Absent | Outcome::NoAnswer | Outcome::CardLeft | Outcome::MessageLeft
        )
    }
}

closed_list! {
    /// What was left behind.
    pub enum Left {
        /// 名刺
        Card,
        /// 手紙
        Letter,
        /// チラシ
        Leaflet,
        /// 不在票・訪問連絡票
        Slip,
    }
}

closed_list! {
    /// Who was met or spoken with.
    pub enum Whom {
        /// 本人
        #[serde(rename = "self")]
        #[strum(serialize = "self")]
        Person,
        /// 父
        Father,
        /// 母
        Mother,
        /// 兄弟
        Brother,
        /// 姉妹
        Sister,
        /// 祖父
        Grandfather,
        /// 祖母
        Grandmother,
        /// 配偶者
        Spouse,
        /// 子
        Child,
        /// そのほかの家族・親族
        Relative,
    }
}

closed_list! {
    /// Signs of life seen at a home where nobody was met 家の様子.
    pub enum Signs {
        /// 生活の様子あり
        Living,
        /// いつもと同じ
        Usual,
        /// 気になる: post piling up, shutters closed, a smell, …
        Worrying,
        /// 見ていない
        NotLooked,
    }
}

closed_list! {
    /// A small change told back 小さな変化.
    pub enum SmallChange {
        /// 声が聞けた
        Voice,
        /// 手を振ってくれた
        Waved,
        /// 受け取ってくれた
        Accepted,
        /// 顔を見せてくれた
        Face,
        /// ドアを開けてくれた
        Door,
        /// うなずいてくれた
        Nodded,
    }
}

closed_list! {
    /// A promise made to the household 約束したこと.
    pub enum Promise {
        /// また伺うと伝えた
        WillCallAgain,
    }
}

closed_list! {
    /// With whom, or from whom 同行者・情報元.
    pub enum Partner {
        /// 民生委員
        Commissioner,
        /// 地域包括支援センター
        SupportCentre,
        /// ケアマネジャー
        CareManager,
        /// ひきこもり地域支援センター
        WithdrawalCentre,
        /// 精神保健福祉センター
        MentalCentre,
        /// 生活困窮者自立相談支援
        NeedsDesk,
        /// 若者サポートステーション
        YouthStation,
        /// 医療機関
        Clinic,
        /// 学校
        School,
        /// 警察
        Police,
        /// 近所の方
        Neighbour,
        /// ライフライン事業者
        Utility,
        /// 家族・親族
        Family,
        /// 同僚
        Colleague,
        /// 係長
        Supervisor,
        /// そのほかの機関
        Other,
    }
}

closed_list! {
    /// The part of the day 時間帯.
    pub enum PartOfDay {
        /// 午前
        Morning,
        /// 午後
        Afternoon,
        /// 夕方以降
        Evening,
    }
}

impl PartOfDay {
    /// Until noon, until 17:00, later (ours).
    pub fn of(time: NaiveTime) -> PartOfDay {
        use chrono::Timelike;
        match time.hour() {
            0..12 => PartOfDay::Morning,
            12..17 => PartOfDay::Afternoon,
            _ => PartOfDay::Evening,
        }
    }
}

/// What happened in one contact. Codes only; no free text.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Details {
    /// None while it has not been said.
    pub kind: Option<Kind>,
    pub direction: Direction,
    /// None while it has not been said.
    pub outcome: Option<Outcome>,
    /// What else was said of the same contact: 怒鳴られた, and 名刺返却 as well.
    pub also: Vec<Outcome>,
    pub whom: Vec<Whom>,
    pub left: Vec<Left>,
    pub signs: Option<Signs>,
    pub small_changes: Vec<SmallChange>,
    pub promises: Vec<Promise>,
    pub partners: Vec<Partner>,
    /// The office's day on which it took place.
    pub on: NaiveDate,
    /// The office's wall clock.
    pub time: Option<NaiveTime>,
    pub part_of_day: Option<PartOfDay>,
    /// Word of shutters, post, a smell: somebody looks in the same day.
    pub worrying_word: bool,
    /// Danger to life or safety was spoken of.
    pub danger: bool,
}

impl Details {
    /// Nothing known yet but the day.
    pub fn on(on: NaiveDate) -> Details {
        Details {
            kind: None,
            direction: Direction::Out,
            outcome: None,
            also: Vec::new(),
            whom: Vec::new(),
            left: Vec::new(),
            signs: None,
            small_changes: Vec::new(),
            promises: Vec::new(),
            partners: Vec::new(),
            on,
            time: None,
            part_of_day: None,
            worrying_word: false,
            danger: false,
        }
    }

    /// Whether it was a visit that met nobody; calls, letters and word from
    /// others are none.
    pub fn is_visit_unmet(&self) -> bool {
        self.kind.is_some_and(Kind::is_visit) && self.outcome.is_some_and(Outcome::is_unmet)
    }
}

/// A recorded contact.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    pub id: super::ContactId,
    pub household: super::HouseholdId,
    pub author: super::PersonId,
    pub recorded_at: DateTime<Utc>,
    pub details: Details,
}
