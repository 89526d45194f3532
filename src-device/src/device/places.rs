//! Places: the newest fix, an area of the list, or what is typed.

use beatbook_protocol::ipc::{AppError, ListPlaces, LocatePlace, PlaceView, PlacesView};

use super::{Device, Handle};
use crate::place;

impl Handle<LocatePlace> for Device {
    async fn handle(&self, command: LocatePlace) -> Result<PlaceView, AppError> {
        let context = self.session()?.context().await?;
        place::locate(&command, self.inner.config.positions.newest(), context.areas.as_deref())
    }
}

impl Handle<ListPlaces> for Device {
    async fn handle(&self, _command: ListPlaces) -> Result<PlacesView, AppError> {
        let context = self.session()?.context().await?;
        Ok(place::list(context.areas.as_deref()))
    }
}
