### A file made of a summary: its forms, why it is made, what it holds, and where it lies.

export = Export
export-panel = Make a file of this summary, sealed to the force.
export-forms = What goes into the file
export-why = What it is for
export-holds = The figures on this screen, what is missing, and when each entry was made and by whom. No words of an entry, no exact place. Small numbers are not hidden: it is for the force alone.
export-holds-period = The figures of this period as this device holds them, each shift with who opened it, and what is missing. No words of an entry, no exact place. Small numbers are not hidden: it is for the force alone.
export-panel-period = Make a file of these figures, sealed to the force.
export-outside = Figures for anybody else come from the server, with small numbers hidden.
export-logged = It is logged that you made it, when, and what for.
export-say-why = Say what the file is for.
export-restricted = It lists a concern note: share it by name, store it locked.
export-go = Make the file
export-making = Making the file
export-done = The file is there
export-inside = Inside it
export-sealed = Only the force’s server can open it: hand it to whoever runs that.
export-in-app = It stays in Beatbook’s own folder, which no other app opens. To hand a file on, make it at a desk.
export-folder = Folder

## Sentences

export-said = { $file } is made.
