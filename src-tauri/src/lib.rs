//! The Beatbook shell: a window, and the commands of the protocol 1:1 onto the device engine.
//!
//! Holds no rules and no SQL, and assumes no desktop: phones start at [`run`] too.

mod commands;
#[cfg(any(mobile, test))]
#[cfg(mobile)]
mod phone;
mod state;

use tauri::{Manager, RunEvent};

/// Opens the window and serves it until it is closed.
#[cfg_attr(mobile, tauri::mobile_entry_point)]
pub fn run() {
    tracing_subscriber::fmt()
        .with_env_filter(tracing_subscriber::EnvFilter::from_default_env())
        .with_writer(std::io::stderr)
        .init();
    let builder = tauri::Builder::default();
    #[cfg(mobile)]
    let builder = phone::plugins(builder);
    let app = builder
        .setup(|app| {
            app.manage(state::Engine::open(app.handle())?);
            Ok(())
        })
        .invoke_handler(commands::handler())
        .build(tauri::generate_context!());
    match app {
        Ok(app) => app.run(|app, event| {
            #[cfg(mobile)]
            phone::on_event(app, &event);
            match event {
                // Somebody looks at it again: a moment to try, and no more than a hint.
                #[cfg(not(mobile))]
                RunEvent::WindowEvent { event: tauri::WindowEvent::Focused(true), .. } => {
                    app.state::<state::Engine>().hint();
                }
                RunEvent::Exit => app.state::<state::Engine>().close(),
                _ => {}
            }
        }),
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            std::process::exit(1);
        }
    }
}
