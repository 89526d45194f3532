//! Keyboard focus for the window. The private screen has no window manager, so that nobody gives it otherwise, and a
//! page without it shows no focus ring.

use x11rb::connection::Connection as _;
use x11rb::protocol::xproto::{ConnectionExt as _, InputFocus, MapState};

use crate::error::{Error, Result};

/// Gives the keyboard to the largest window of a display.
pub(crate) fn give(display: &str) -> Result {
    let told = |what: String| Error::Program { program: "the X display".to_owned(), output: what };
    let (connection, screen) = x11rb::connect(Some(display)).map_err(|error| told(error.to_string()))?;
    let windows = || -> std::result::Result<(), x11rb::errors::ReplyError> {
        let root = connection.setup().roots[screen].root;
        let mut largest = None;
        for window in connection.query_tree(root)?.reply()?.children {
            let box_of = connection.get_geometry(window)?.reply()?;
            let area = u32::from(box_of.width) * u32::from(box_of.height);
            let shown = connection.get_window_attributes(window)?.reply()?.map_state == MapState::VIEWABLE;
            if shown && largest.is_none_or(|(most, _)| area > most) {
                largest = Some((area, window));
            }
        }
        if let Some((_, window)) = largest {
            connection.set_input_focus(InputFocus::PARENT, window, x11rb::CURRENT_TIME)?.check()?;
        }
        Ok(())
    };
    windows().map_err(|error| told(error.to_string()))
}
