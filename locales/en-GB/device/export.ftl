### What is said about files that are made on the device.

export-no-form = Choose at least one form. Nothing was exported.
export-not-yours = Files are made by whoever reviews a team. Nothing was exported.
export-not-made = The file could not be made. Nothing was exported, and nothing you recorded is touched. Try again.
export-not-sealed = The file could not be sealed to the force. Nothing was exported. Send once, then try again.
export-no-room = There is no room left for the file. Nothing was exported, and nothing you recorded is touched. Free some storage, then try again.
export-not-kept = The file could not be written to its folder. Nothing was exported, and nothing you recorded is touched. Look whether the folder can be written to, then try again.
