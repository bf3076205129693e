//! The page's courier: a message is brought when it stands in the conversation.
use crate::{
    conversation::message::{Place, Platform, Readers},
    engine::{Changed, Courier, Letter, Parcel, SendError},
    store::{self, Db, messages::Posting},
};
use futures_util::{FutureExt, future::BoxFuture};
use tokio::sync::broadcast;

/// Brings deliveries into the conversations of the page, and wakes whoever
/// looks at them.
pub struct PageCourier {
    pub db: Db,
    pub changes: broadcast::Sender<Changed>,
}

impl Courier for PageCourier {
    fn repeats(&self) -> bool {
        false
    }

    fn send<'a>(&'a self, parcel: &'a Parcel) -> BoxFuture<'a, Result<String, SendError>> {
        let posting = Posting {
            place: Place {
                platform: Platform::Page,
                id: parcel.to.id.clone(),
                room: None,
            },
            person: parcel.person,
            delivery: parcel.delivery,
            reply: parcel.reply.clone(),
            at: parcel.at,
        };
        async move {
            let id = store::messages::post(&self.db, &posting)
                .await
                .map_err(|fault| not_now(&fault))?;
            self.tell(parcel);
            Ok(id.to_string())
        }
        .boxed()
    }

    fn edit<'a>(
        &'a self,
        _message: &'a str,
        parcel: &'a Parcel,
    ) -> BoxFuture<'a, Result<(), SendError>> {
        async move {
            store::messages::revise(&self.db, parcel.delivery, &parcel.reply)
                .await
                .map_err(|fault| not_now(&fault))?;
            self.tell(parcel);
            Ok(())
        }
        .boxed()
    }

    /// The page's answers stand in its history, and it has no shared places.
    fn post<'a>(&'a self, _letter: &'a Letter) -> BoxFuture<'a, Result<(), SendError>> {
        async { Err(SendError::Gone) }.boxed()
    }

    fn readers<'a>(&'a self, _room: &'a str) -> BoxFuture<'a, Result<Readers, SendError>> {
        async { Err(SendError::Gone) }.boxed()
    }
}

impl PageCourier {
    /// Nobody looking is no fault.
    fn tell(&self, parcel: &Parcel) {
        let _ = self.changes.send(Changed {
            person: Some(parcel.person),
        });
    }
}

/// The page is the store: what it cannot take now, it takes later.
fn not_now(fault: &store::Fault) -> SendError {
    tracing::warn!(%fault, "a delivery could not be put into a conversation");
    SendError::Later { after: None }
}
