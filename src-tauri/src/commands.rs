//! One command for each line of the protocol's list, generated: a command that is not in the list does not exist.

use beatbook_device::device::Handle;
use beatbook_protocol::ipc::*;
use tauri::State;

use crate::state::Engine;

macro_rules! onto_the_engine {
    ($($request:ident => $name:ident -> $output:ident;)+) => {
        $(
            #[tauri::command]
            async fn $name(engine: State<'_, Engine>, request: $request) -> Result<$output, AppError> {
                let answer = engine.device()?.handle(request).await?;
                #[cfg(mobile)]
                engine.noticed(&answer);
                Ok(answer)
            }
        )+

        /// Answers the window's calls.
        pub fn handler() -> impl Fn(tauri::ipc::Invoke<tauri::Wry>) -> bool + Send + Sync + 'static {
            tauri::generate_handler![$($name),+]
        }
    };
}
beatbook_protocol::commands!(onto_the_engine);
