//! What Koekake knows of the world: households, contacts, check-ins, people,
//! the calendar and the ladder. Pure: it reads no clock and does no I/O.
pub mod alarm;
pub mod calendar;
pub mod check_in;
pub mod contact;
pub mod household;
pub mod ladder;
pub mod people;
pub mod proposal;
pub mod request;
pub mod rhythm;

/// Declares a closed list whose members have a stable code (snake case), used
/// alike in the database, in JSON and in button data.
macro_rules! closed_list {
    ($(#[$meta:meta])* pub enum $name:ident { $($(#[$vmeta:meta])* $variant:ident),+ $(,)? }) => {
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize,
            strum::EnumString, strum::IntoStaticStr, strum::VariantArray,
        )]
        #[serde(rename_all = "snake_case")]
        #[strum(serialize_all = "snake_case")]
        pub enum $name { $($(#[$vmeta])* $variant),+ }

        impl $name {
            /// The stable code of this member.
            pub fn code(self) -> &'static str {
                self.into()
            }
        }
    };
}
pub(crate) use closed_list;

/// Declares a database id that cannot be mistaken for another table's.
macro_rules! id {
    ($($(#[$meta:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$meta])*
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord,
            serde::Serialize, serde::Deserialize,
        )]
        #[serde(transparent)]
        pub struct $name(pub i64);
    )+};
}

id! {
    /// A team of one office.
    TeamId,
    /// A member of staff.
    PersonId,
    /// A household.
    HouseholdId,
    /// One contact.
    ContactId,
    /// One check-in.
    CheckInId,
    /// One alarm.
    AlarmId,
    /// One request that waits for somebody's answer.
    RequestId,
    /// One leave.
    LeaveId,
    /// One message.
    MessageId,
    /// One save: all that one message changed.
    SaveId,
    /// One delivery.
    DeliveryId,
}
