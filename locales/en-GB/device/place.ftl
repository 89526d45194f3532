### Places as they are found, chosen and described.

no-fix = No fix yet. Choose an area or type the place.
area-gone = This area is not in the list any more. Choose another.
chosen-from-list = Chosen from the list
described = Described, no fix

## What an area is

patrol-area = Patrol area
ward = Ward
district = District
neighbourhood = Neighbourhood
