### Joining a crew by its code.

crew-code-characters = The crew code is four letters or figures. Ask your colleague to read it out again.
crew-code-day = This crew code is from another day. Ask your colleague for tonight’s.
