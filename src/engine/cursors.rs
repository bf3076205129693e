//! How far each place of a chat has been read. A platform moves a cursor on only
//! after [`Engine::take`] has put down what it passes.
use super::{Engine, Fault};
use crate::{conversation::message::Platform, store};

pub use crate::store::cursors::{Begun, Cursor};

impl Engine {
    /// Every place that is read.
    pub async fn cursors(&self, platform: Platform) -> Result<Vec<Cursor>, Fault> {
        Ok(store::cursors::all(&self.shared.db, platform).await?)
    }

    /// Where reading begins without a cursor.
    pub async fn begun(&self, platform: Platform) -> Result<Begun, Fault> {
        Ok(store::cursors::begun(&self.shared.db, platform).await?)
    }

    /// The place has been read so far.
    pub async fn move_cursor(&self, platform: Platform, cursor: &Cursor) -> Result<(), Fault> {
        Ok(store::cursors::put(&self.shared.db, platform, cursor).await?)
    }

    /// The place cannot be read any more.
    pub async fn forget_cursor(&self, platform: Platform, place: &str) -> Result<(), Fault> {
        Ok(store::cursors::forget(&self.shared.db, platform, place).await?)
    }
}
