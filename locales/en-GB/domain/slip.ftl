### What an officer reads out to other systems after a concern: a line for each thing.

slip-when = When: { $when }
slip-where = Where: { $place }
slip-what = What: { $behaviours }
slip-seen = Seen or heard: { $seen }
slip-said-by = Said by { $speaker }: “{ $words }”
slip-said = Said: “{ $words }”
slip-person = Person { $number }: { $description }
# Officer-defined appearance, after what else describes a person.
slip-appearance = appearance { $appearance }
slip-relationship = Relationship: { $relationship }
slip-harm = Harm: { $harm }
slip-told-by = Told by: { $who }
slip-disclosed = Disclosed: { $when }
slip-assessment = Assessment: { $assessment }
slip-grading = 3x5x2, draft: source { $source }, information { $information }, handling { $handling }
slip-conditions = Conditions: { $conditions }
slip-concerns = Concerns: { $concerns }
slip-at-risk = At risk: { $now }
slip-done = Done: { $actions }
slip-details = Details: { $details }
