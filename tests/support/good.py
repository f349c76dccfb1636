"""Small routines that a good author could write: there is nothing to find in them."""

from __future__ import annotations

from tests.support.written import file, step

CHECK = '["Welcome.", { block = "SC-Q" }]'
BELLS = {"equipment": '["dumbbells"]'}
DUMBBELLS = {
    "opening": '["Welcome.", { block = "SC-D" }, { silence = 15 }]',
    "equipment": 'dumbbells = "two light dumbbells"',
}
CHAIR = {"opening": CHECK, "equipment": 'chair = "a sturdy chair"'}
MAT = {"opening": CHECK, "equipment": 'mat = "a mat"'}
ON_MAT = {"equipment": '["mat"]'}
ON_CHAIR = {"equipment": '["chair"]'}

GOOD = {
    "neck": file(
        step("Sit tall. Turn your head to the $side and breathe.", "hold 15s each side", name="Neck turn"),
        step("Let your chin sink to your chest.", "hold 20s", name="Chin drop"),
        opening=CHECK,
    ),
    "seven minutes": file(
        step("Jump with feet apart and together.", "for 30s", name="Jumping jacks", rest_after=10),
        step("Lean your back on the wall and sink.", "hold 30s", name="Wall sit", equipment='["wall"]',
             muscles='["thighs"]', rest_after=10),
        step("Go down to the floor, hands under your shoulders, and push up.", "for 30s", name="Push-ups",
             rest_after=10, muscles='["chest"]', position="hands and feet"),
        step("Roll onto your back, knees bent, and curl up.", "for 30s", name="Crunches", rest_after=10,
             muscles='["abdominals"]', position="lying on back"),
        opening=CHECK, equipment='wall = "a wall"', muscles='["thighs", "chest", "abdominals"]',
    ),
    "core": file(
        step("Lie on your back, hands under your lower back. Lift your head a little.",
             "6-4-2 reps, hold 8s, rest 20s", "before set 2 | If it hurts, stop.", name="Curl-up", position="lying on back",
             muscles='["abdominals"]', rest_after=30, stop="STOP-A1", **ON_MAT),
        step("Roll onto your $side side, knees bent, and lift your hips.",
             "6-4-2 reps each side, hold 7s, rest 20s, change 20s", "before set 2 | If it hurts, stop.",
             name="Side bridge", position="lying on side", muscles='["obliques"]', rest_after=30,
             stop="STOP-A1", **ON_MAT),
        step("Go onto hands and knees. Stretch your $side arm and your $other_side leg.",
             "6-4-2 reps each side, hold 8s, rest 20s, change 12s", "before set 2 | If it hurts, stop.",
             name="Bird dog", stop="STOP-A2", position="hands and knees", muscles='["erector-spinae"]', **ON_MAT),
        muscles='["core"]', **MAT,
    ),
    "tabata": file(
        step("Stand with feet apart. Squat fast and low.", "8 x for 20s, rest 10s", "before set 5 | If it hurts, stop.", name="Squats",
             muscles='["thighs"]', rest_after=60, stop="STOP-A1"),
        step("Put your hands on the floor and push up.", "8 x for 20s, rest 10s", "before set 5 | If it hurts, stop.", name="Push-ups",
             position="hands and feet", stop="STOP-A1"),
        opening=CHECK,
    ),
    "sun salutation": file(
        step("Stand tall, palms together.", "hold 10s", name="Mountain", position="standing"),
        step("Breathe in and reach up.", "hold 5s", name="Upward salute", flow=True),
        step("Breathe out and fold forward.", "hold 5s", name="Forward fold", flow=True),
        step("Step your right foot back into a lunge.", "hold 5s", name="Lunge, right foot back", flow=True),
        step("Step back into plank.", "hold 5s", name="Plank", flow=True, position="plank"),
        step("Step your left foot forward.", "hold 5s", name="Lunge, left foot in front", flow=True,
             position="lunging"),
        opening=CHECK,
    ),
    "back stretches": file(
        step("Lie on your back and draw your $side knee to your chest.", "hold 20s each side, change 10s",
             name="Knee to chest", position="lying on back", muscles='["stretch-lower-back"]', **ON_MAT),
        step("Keep your knees together and let them roll to the $side.", "5 reps each side, alternating",
             "rep 2 | Breathe out.", name="Knee rolls", position="lying on back", **ON_MAT),
        muscles='["mobility"]', **MAT,
    ),
    "bed after surgery": file(
        step("Lie on your back in bed and pump both feet up and down.", "for 30s", name="Ankle pumps"),
        step("Tighten your $side thigh and press the knee down.", "5 reps each side, hold 5s", name="Thigh press",
             position="lying on back"),
        step("Roll onto your right side, push up and sit on the edge of the bed.", "for 20s", name="Sit up"),
        opening='["Stop if it hurts, and ask your nurse."]',
    ),
    "toddler walk": file(
        step("Walk like a big bear, hands and feet on the floor!", "for 20s", name="Bear walk",
             position="hands and feet", rest_after=5),
        step("Stand up and hop like a frog!", "for 20s", name="Frog hops", position="standing"),
        audience="child", adult_nearby=True, opening='[{ block = "SC-C" }]',
    ),
    "desk": file(
        step("Sit near the front of your chair.", "hold 10s", name="Sit tall", position="sitting", **ON_CHAIR),
        step("Roll your shoulders back.", "5 reps, tempo 1-1-2", name="Shoulder rolls", position="sitting",
             **ON_CHAIR),
        step("Stand up and march on the spot.", "for 20s", name="March", position="standing"),
        **CHAIR,
    ),
    "balance": file(
        step("Stand behind your chair and hold it. Lift your $side foot.", "hold 10s each side",
             "change | Put it down. Now your $side foot.", name="One-leg stand", rest_after=15, **ON_CHAIR),
        step("Place one foot in front of the other, heel to toe, $side foot in front.",
             "hold 15s each side", name="Tandem stand", muscles='["balance"]', **ON_CHAIR),
        muscles='["balance"]', **CHAIR,
    ),
    "breathing": file(
        step("Lie on your back. Breathe in for a while and let it go slowly.", "for 60s",
             "halfway | Halfway. Long breaths out.", name="Long breaths", muscles='["breathing"]'),
        step("Breathe in, hold your breath gently, and breathe out.", "6 reps, tempo 4-4-4",
             name="Box breath", muscles='["breathing"]'),
        opening=CHECK, muscles='["relaxation"]',
    ),
    "dumbbells": file(
        step("Lift both dumbbells to your shoulders.", "2 x 10 reps, tempo 2-1-3, rest 45s",
             "halfway | Halfway. Elbows close.", "rest | Shake your arms out.", name="Curl",
             muscles='["biceps"]', rest_after=45, stop="STOP-A1", **BELLS),
        step("Push the dumbbells up over your head.", "2 x 10 reps, tempo 2-1-3, rest 45s",
             "rep 2 | Breathe out as you push.", name="Press", muscles='["deltoids"]', stop="STOP-A1", **BELLS),
        muscles='["arms", "shoulders"]', **DUMBBELLS,
    ),
    "band": file(
        step("Stand on the band and pull both ends up.", "12 reps", name="Band row", equipment='["band"]',
             muscles='["trapezius"]'),
        opening=CHECK, equipment='band = "a resistance band"', muscles='["upper-back"]',
    ),
    "clams": file(
        step("Lie on your $other_side side, knees bent. Lift your top knee, the $side one.",
             "10 reps each side, change 20s", "change | Roll over. Now your $side knee.", name="Clams",
             position="lying on side"),
        opening=CHECK,
    ),
    "cool-down": file(
        step("Walk on the spot and slow down.", "for 60s", "40s | Slower now.",
             "5s before end | $seconds_left more seconds.", name="Easy walk", position="standing"),
        step("Wrap your arms around yourself.", "hold 20s", "halfway | Swap your arms.", name="Hug",
             position="standing", muscles='["stretch-trapezius"]'),
        opening=CHECK,
    ),
    "words in two languages": file(
        step('{ en = "Stand tall and breathe.", de = "Steh gerade, so wie hier." }', name="Tall"),
        opening=CHECK,
    ),
    "one line": file(step("Stand and breathe.", name="Stand")),
    "getting up": file(
        step("Lie down on your back and rest.", "hold 30s", name="Rest", position="lying on back"),
        step("Roll to your side, push up with your hands and stand up.", "for 20s", name="Getting up",
             position="lying to standing"),
        step("Shake your legs.", "for 20s", name="Shake", position="standing"),
        opening=CHECK,
    ),
    "eyes": file(
        step("Watch your step. Look straight ahead.", "hold 20s", name="Tightrope"),
        step("Look up at the ceiling, then down at your feet.", "for 20s", name="Nods"),
        opening=CHECK,
    ),
    "minutes": file(
        step("Stand with feet hip-width apart. Bend your knees $reps times.", "10 reps",
             "last 2 reps | Two more.", name="Knee bends"),
        opening='["Welcome, this takes $minutes minutes.", { block = "SC-Q" }]', closing='["All done."]',
    ),
}  # fmt: skip
"""By what they are."""
