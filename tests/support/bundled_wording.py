"""What the seven routines must say, row by row, as the content brief of the product has it.

Each row: slug, length in seconds from its first word to the end of its rest, the words before the work,
and the words during the work with their moments. A moment is a time from the start of the work, a rep
(the words begin in it or with the next one), or a place between the work.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """One exercise."""

    slug: str
    seconds: float
    """Set-up, work, rests between and rest after."""
    setup: float
    """Least seconds before the work."""
    rest: float
    """Exact seconds after the work."""
    say: str
    """The instruction."""
    cues: tuple[tuple[str, str], ...] = ()
    """(moment, words)."""
    stop: str = ""
    """The stop-on-pain sentence."""
    flow: bool = False


@dataclass(frozen=True)
class Wording:
    """One routine."""

    title: str
    audience: str
    level: str
    total_seconds: float
    opening: str
    closing: str
    blocks: tuple[str, ...]
    """The spoken checks."""
    silence_seconds: float
    """After the checks."""
    rows: tuple[Row, ...]


STOP_A1 = "If anything hurts or feels unpleasant, stop and rest."
STOP_A2 = "Working muscles are fine, but pain is not, so if it hurts, stop."
STOP_C1 = "If anything hurts, stop and tell your grown-up."

REASONS = (
    ("high-blood-pressure", "contraindicated", "Skip it if you have high blood pressure."),
    ("heart-disease", "contraindicated", "Skip it if you have heart disease."),
    ("menstruation", "contraindicated", "Skip it if you are having your period."),
    ("asthma", "undesirable", "Skip it if you have asthma."),
    ("pregnancy", "not recommended", "Skip it if you are pregnant."),
    ("thyroid-disease", "contraindicated", "Skip it if you have a thyroid condition."),
    ("viral-infection", "undesirable", "Skip it if you have a cold, flu or other virus."),
    (
        "poor-physical-condition",
        "not recommended",
        "Skip it if you are in poor physical condition.",
    ),
    ("chronic-disease", "contraindicated", "Skip it if you have a long-term illness."),
)

BLOCKS = {
    "SC-A": (
        "Quick safety check: clear the floor around you and keep some water near.",
        "See a doctor first if you have heart trouble, chest pain, dizziness, a recent injury or operation, or if you are pregnant.",
        "Do the same if you often have headaches, or pain in your back, arms or legs.",
        "Do not start today if you feel ill.",
        "If anything hurts or feels unpleasant, stop.",
    ),
    "SC-D": (
        "Now the dumbbell check: nine reasons to skip this set.",
        *(sentence for _, _, sentence in REASONS),
        "If one of these is you, stop here and ask your doctor or midwife before using weights.",
    ),
    "SC-C": (
        "Grown-up, please stay close, clear the floor and put down a soft mat.",
        "Bare feet or grippy shoes, please.",
        "Young mover, if anything hurts, stop and tell your grown-up.",
    ),
    "SC-Q": ("Skip any move that feels wrong, and stop if anything hurts.",),
}

WORDING = {
    "relaxation": Wording(
        "Relaxation",
        "adult",
        "beginner",
        535,
        "Welcome to your relaxation routine. You need a mat and about nine minutes. Move slowly, there is no hurry.",
        "Lovely. Rest as long as you like, then roll to your side and get up slowly. Practise this regularly, every day if you can.",
        ("SC-A",),
        5,
        (
            Row(
                "stand-tall",
                30,
                15,
                0,
                "Stand with your feet shoulder-width apart and let your arms hang. Grow tall through the top of your head and breathe slowly.",
                (("5 s", "Shoulders soft, jaw soft."),),
            ),
            Row(
                "roll-down",
                28,
                18,
                0,
                "Soften your knees, breathe out and lean forward slowly. Let your arms go loose first, then let your neck go.",
                stop=STOP_A1,
            ),
            Row(
                "rag-doll-hang",
                37,
                7,
                0,
                "Stay here for half a minute, loose like a rag doll, and keep breathing.",
                (
                    ("10 s", "Let your arms and shoulders go heavy."),
                    ("20 s", "Nod your head gently, yes and no."),
                    ("25 s", "Five seconds more, then we come up slowly."),
                ),
                flow=True,
            ),
            Row(
                "roll-up",
                29,
                7,
                10,
                "Come up very slowly, knees soft. Let your head come up last.",
                (("4 s", "Uncurl bit by bit, from the hips upwards."),),
                flow=True,
            ),
            Row(
                "half-squat-rest",
                40,
                15,
                5,
                "Slide your hands down to your thighs and bend your knees a little. Keep your back long and straight, and breathe.",
                (("10 s", "Lean on your hands and let your back lengthen."),),
            ),
            Row(
                "crook-lying",
                46,
                26,
                0,
                "Come down to your mat, one knee at a time. Lie on your back with your knees bent and your feet flat.",
                (("8 s", "Breathe in through your nose, and out with a long sigh."),),
            ),
            Row(
                "pelvic-tilt",
                82,
                20,
                8,
                "Breathe out and gently press your whole back into the floor, as if leaving a print in sand. Hold, then let go.",
                (("rep 3", "Tummy in, neck relaxed."),),
                stop=STOP_A2,
            ),
            Row(
                "leg-slide-long",
                43,
                18,
                5,
                "Keep your back on the floor and slide your feet away until your legs are straight. Go one leg at a time if that is easier.",
                (("10 s", "Let your legs feel heavy."),),
            ),
            Row(
                "partial-press-up",
                76,
                26,
                8,
                "Roll onto your tummy and put your hands beside your shoulders. Breathe out and press your chest part of the way up, hips resting on the floor.",
                (
                    ("rep 1", "Lower with a breath in."),
                    ("rep 4", "Only as high as feels easy."),
                ),
                stop=STOP_A1,
            ),
            Row(
                "seated-reach",
                68,
                28,
                10,
                "Roll to one side, push up with your hands and sit with your legs in front, knees soft. Slide your hands along the floor towards your feet.",
                (
                    ("12 s", "Breathe out and let your head be heavy."),
                    ("25 s", "Five more seconds, then sit up slowly."),
                ),
            ),
        ),
    ),
    "preliminary": Wording(
        "Preliminary set (floor)",
        "adult",
        "beginner",
        572,
        "Welcome to the preliminary set for your back. A strong, supple back and tummy carry you better. You need a mat and about ten minutes. New here? Learn the relaxation routine first.",
        "Well done. Roll onto your side, push up with your hands and stand up slowly. Practise this set regularly, about three days a week.",
        ("SC-A",),
        5,
        (
            Row(
                "settle-on-back",
                46,
                26,
                0,
                "Lie down on your back with your knees bent and your feet flat. Tighten your tummy gently and breathe low and slow.",
                (("10 s", "Feel your back resting on the floor."),),
            ),
            Row(
                "straight-leg-hold",
                114,
                20,
                20,
                "Straighten your right leg and lift it fifteen to twenty centimetres, about the length of your hand. Hold it there and keep breathing.",
                (
                    ("8 s, first side", "If you need to, lower, breathe and lift again."),
                    ("15 s each side", "Halfway. Tummy firm, keep breathing."),
                    ("25 s each side", "Five more seconds."),
                    (
                        "change",
                        "Lower slowly. Bend that knee, straighten your left leg and lift it to the same height.",
                    ),
                ),
                stop=STOP_A1,
            ),
            Row(
                "double-knee-hold",
                112,
                22,
                20,
                "Breathe out and lift both bent legs together until your thighs point to the ceiling. Hold still with your back on the floor.",
                (
                    ("5 s", "Keep breathing."),
                    ("end of each set", "Lower both feet gently and rest."),
                    ("before set 4", "Last one."),
                ),
                stop=STOP_A2,
            ),
            Row(
                "knee-rolls-head-opposite",
                94,
                18,
                12,
                "Arms wide, knees together. Let your knees tip to the right as your head turns left, then knees left and head right.",
                (
                    ("rep 1", "Knees right, head left."),
                    ("rep 2", "Knees left, head right."),
                    ("rep 5", "Breathe out as your knees go over."),
                ),
            ),
            Row(
                "single-knee-to-chest",
                118,
                20,
                10,
                "Clasp your left knee with your right hand and draw it gently towards you. Keep your other foot on the floor.",
                (
                    ("change", "Let it go. Now clasp your right knee with your left hand."),
                    ("before set 2", "Once more. Left knee, right hand."),
                ),
                stop=STOP_A1,
            ),
            Row(
                "quiet-finish",
                26,
                11,
                0,
                "Put both feet down and rest. Notice how your back feels on the floor.",
            ),
        ),
    ),
    "main": Wording(
        "Main set (standing, dumbbells)",
        "adult",
        "beginner to intermediate",
        671,
        "Welcome to the main set. Have two light dumbbells in front of you, and about eleven minutes. New here? Learn the relaxation routine first.",
        "Good work. Shake out your arms and have some water. Do this set regularly, and leave a day before you lift weights again.",
        (
            "SC-A",
            "SC-D",
        ),
        15,
        (
            Row(
                "warm-up-march",
                79,
                14,
                5,
                "Leave the dumbbells on the floor and march on the spot. Let your arms swing easily.",
                (
                    ("20 s", "Now roll your shoulders back as you march."),
                    ("40 s", "Now roll them forward."),
                    ("55 s", "Slow down and stand still."),
                ),
            ),
            Row(
                "stance-narrow",
                25,
                17,
                0,
                "Bend your knees, keep your back straight and pick up your dumbbells. Stand with your feet slightly narrower than your shoulders.",
            ),
            Row(
                "open-posture",
                52,
                17,
                15,
                "Straighten your back, roll your shoulders back and lift your chin until you look straight ahead. Let your arms hang long and breathe.",
                (("10 s", "Shoulders wide, ribs soft."),),
            ),
            Row(
                "shrug",
                172,
                16,
                30,
                "Breathe out and lift both shoulders straight up towards your ears. Pause, then lower them slowly.",
                (
                    ("rep 4", "Halfway. Breathe out as you lift."),
                    ("rep 7", "Last two."),
                    ("rest", "Put the dumbbells down if your hands are tired."),
                ),
                stop=STOP_A1,
            ),
            Row(
                "soft-knee-row",
                188,
                22,
                30,
                "Bend your knees a little and tip forward slightly from your hips, back straight. Breathe out, lift both dumbbells to your lower ribs, then lower slowly.",
                (
                    ("rep 2", "Elbows close to your sides."),
                    ("rep 4", "Halfway. Long neck, firm tummy."),
                    ("rep 7", "Last two."),
                    ("rest", "Stand tall between sets."),
                ),
                stop=STOP_A2,
            ),
            Row(
                "hug-stretch",
                43,
                18,
                5,
                "Bend your knees and put the dumbbells down. Wrap your arms around your shoulders, give yourself a hug and breathe into your upper back.",
                (("10 s", "Swap which arm is on top."),),
            ),
        ),
    ),
    "dumbbells": Wording(
        "Dumbbells (long set)",
        "adult",
        "intermediate",
        1143,
        "Welcome to the dumbbell set for a strong back and good posture. Have your dumbbells, your mat, and your fitball or two stools ready. It takes about nineteen minutes. New here? Learn the relaxation routine first.",
        "Great work, that was the whole set. Practise regularly, and you may soon see it in your posture. Leave a day before you lift weights again.",
        (
            "SC-A",
            "SC-D",
        ),
        15,
        (
            Row(
                "warm-up-march",
                80,
                15,
                5,
                "Leave the dumbbells on the floor and march on the spot. Swing your arms and warm up your back.",
                (
                    ("20 s", "Make slow circles backwards with your arms."),
                    ("40 s", "Now circle forwards."),
                    ("55 s", "Slow down and stand still."),
                ),
            ),
            Row(
                "stance-shoulder-width",
                24,
                16,
                0,
                "Bend your knees, keep your back straight and pick up your dumbbells. Stand with your feet shoulder-width apart.",
            ),
            Row(
                "one-arm-row",
                189,
                26,
                45,
                "Put the left dumbbell down, left hand on your left thigh, back straight, leaning slightly. Breathe out and pull the right dumbbell up to your chest.",
                (
                    ("rep 5 each side", "Halfway. Breathe out as you pull."),
                    ("rep 7, first side", "Stop earlier if your form slips."),
                    ("rep 9 each side", "Last two."),
                    (
                        "change",
                        "Change hands. Left dumbbell up, right hand on your right thigh. Ten more.",
                    ),
                ),
                stop=STOP_A1,
            ),
            Row(
                "lateral-raise-palms-forward",
                130,
                25,
                45,
                "Pick up both dumbbells and turn your palms forward. Breathe out, raise both arms to the sides, no higher than your shoulders, then lower slowly.",
                (
                    ("rep 5", "Halfway. Shoulders away from your ears."),
                    ("rep 9", "Last two."),
                ),
                stop=STOP_A2,
            ),
            Row(
                "lie-back-arms-up",
                43,
                38,
                0,
                "Sit with the dumbbells on your lap, then lie back on your fitball, stools or, if unsure, the mat. Straighten your arms and hold the dumbbells above your chest.",
                stop=STOP_A1,
            ),
            Row(
                "pullover",
                121,
                11,
                40,
                "Breathe in and take both arms slowly back behind your head, elbows soft. Breathe out and bring them back above your chest.",
                (
                    ("rep 2", "Ribs down, tummy firm."),
                    ("rep 5", "Halfway."),
                    ("rep 9", "Last two."),
                    ("rest", "Lower the dumbbells to your chest, then to the floor."),
                ),
                flow=True,
            ),
            Row(
                "alternating-arms",
                172,
                32,
                40,
                "Lie on the mat, knees bent, dumbbells above your chest. Lower your right arm behind your head while your left goes to your thigh, then change direction.",
                (
                    ("rep 1", "Right arm back, left arm to your thigh."),
                    ("rep 2", "And change, left arm back."),
                    ("rep 10", "Halfway. Slow and smooth."),
                    ("rep 19", "Last two."),
                ),
                stop=STOP_A2,
            ),
            Row(
                "stand-up-safely",
                40,
                30,
                0,
                "Put the dumbbells down, roll to your side and stand up slowly. Bend your knees, pick them up and stand with feet shoulder-width apart.",
                (("0 s", "Stand still and take two slow breaths."),),
            ),
            Row(
                "hip-hinge",
                171,
                21,
                30,
                "Soften your knees, push your hips back and bend forward with a straight back, lowering the dumbbells. Breathe out and stand tall.",
                (
                    ("rep 2", "Only as low as your knees, back straight."),
                    ("rep 5", "Breathe in on the way down."),
                    ("rep 10", "Ten done, ten to go. Pause if you need a rest."),
                    ("rep 15", "Five more. Back straight."),
                    ("rep 19", "Last two."),
                ),
                stop=STOP_A2,
            ),
            Row(
                "cool-down-walk",
                55,
                15,
                0,
                "Bend your knees and put the dumbbells down. Walk on the spot slowly and let your shoulders roll.",
                (("20 s", "Long slow breaths out."),),
            ),
        ),
    ),
    "children": Wording(
        "Children",
        "child",
        "beginner",
        526,
        "Hello, movers! Lie-down games first, then flying and wood chopping. It takes about nine minutes.",
        "Hooray, you did it! Have a drink, stand tall and show your grown-up your best game. Then go and play some more.",
        ("SC-C",),
        5,
        (
            Row(
                "bicycle",
                78,
                18,
                10,
                "Lie on your back and put your feet up in the air. Pedal your magic bicycle round and round!",
                (
                    ("10 s", "Up the hill, slow and strong!"),
                    ("before set 2", "Now pedal backwards!"),
                    ("15 s of set 2", "Nearly home!"),
                ),
            ),
            Row(
                "scissors",
                71,
                19,
                12,
                "Tuck your hands under your bottom and lift long straight legs up high. Snip, snip, swing them like giant scissors!",
                (
                    ("5 s", "Cut a big paper star!"),
                    ("before set 2", "Now cut a ribbon, little snips!"),
                ),
                stop=STOP_C1,
            ),
            Row(
                "knee-hug",
                63,
                17,
                10,
                "Bend your knees and pull your feet in close, like a snail curling into its shell. Then let your feet slide out again.",
                (
                    ("rep 1", "Curl in, squeeze, and out."),
                    ("rep 4", "Hello, snail! Two more."),
                    ("rest", "Grown-up, come close for the next one."),
                ),
            ),
            Row(
                "kolobok-rock",
                67,
                22,
                15,
                "Sit up, hug your knees, tuck in your chin and curl round like a little bun. Rock back softly, then roll up to the start again.",
                (
                    ("rep 1", "Roll back, and roll up!"),
                    ("rep 4", "Round and soft, chin tucked in."),
                ),
                stop=STOP_C1,
            ),
            Row(
                "airplane-game",
                99,
                24,
                15,
                "Stand up and spread your arms like airplane wings, back long, leaning forward a little. Fly around the room until I call landing!",
                (
                    ("0 s", "Engines on, brrrm, and take off!"),
                    ("15 s", "Wings wide! Turn to the left."),
                    ("28 s", "Now turn to the right."),
                    ("40 s", "Fly over the clouds, up on your tiptoes."),
                    ("52 s", "Landing! Slow down, bend your knees and stop."),
                ),
            ),
            Row(
                "woodcutter-game",
                71,
                21,
                10,
                "Stand with feet wide and bendy knees, and lift your pretend axe up high. Swing it down between your knees, say ha, then stand tall.",
                (
                    ("rep 1", "Axe up, and chop! Ha!"),
                    ("rep 4", "Big log! Stand tall like a strong woodcutter."),
                    ("rep 7", "Two more chops."),
                ),
                stop=STOP_C1,
            ),
            Row(
                "balloon-breath",
                36,
                16,
                0,
                "Stand tall with your hands on your tummy. Blow up your tummy balloon slowly, then let the air out with a hiss.",
            ),
        ),
    ),
    "desk-break": Wording(
        "Desk break",
        "adult",
        "beginner",
        300,
        "Welcome to your desk break. You need a steady chair and five easy minutes.",
        "All done. Sit or stand tall, and move again within the hour.",
        ("SC-Q",),
        2,
        (
            Row(
                "sit-tall",
                23,
                13,
                0,
                "Sit near the front of your chair, feet flat. Grow tall and take slow breaths.",
            ),
            Row(
                "shoulder-rolls",
                32,
                10,
                2,
                "Roll your shoulders up, back and down. Keep your arms loose.",
                (("rep 3", "Nice and slow."),),
            ),
            Row(
                "shoulder-blade-squeeze",
                42,
                15,
                3,
                "Draw your shoulder blades gently back and down. Hold, then let go.",
                stop=STOP_A1,
            ),
            Row(
                "seated-cat-cow",
                35,
                14,
                3,
                "Hands on knees, breathe out and round your back like a cat. Breathe in and open your chest.",
            ),
            Row(
                "seated-twist",
                37,
                12,
                3,
                "Cross your arms on your chest and turn slowly to the right. Hold and breathe.",
                (("change", "Back to the middle, now to the left."),),
            ),
            Row(
                "sit-to-stand",
                53,
                18,
                5,
                "Lean forward and stand up, breathing out. Sit back down slowly, hands helping if you like.",
                (("rep 3", "Halfway."),),
                stop=STOP_A2,
            ),
            Row(
                "standing-back-bend",
                32,
                14,
                3,
                "Stand with your hands on your lower back. Lift your chest and lean back a little, then return.",
            ),
            Row(
                "easy-march",
                26,
                11,
                0,
                "March on the spot and swing your arms. Keep your back tall.",
            ),
        ),
    ),
    "posture-play": Wording(
        "Posture play",
        "child",
        "beginner",
        364,
        "Hello, explorer! Today you are a zoo full of animals and a superhero. Six minutes, here we go!",
        "What a zoo! You stand taller already. Go and show your grown-up your giraffe.",
        ("SC-C",),
        4,
        (
            Row(
                "tall-giraffe",
                26,
                14,
                2,
                "Stand like a giraffe and grow your neck up to the tallest leaf. Let your shoulders slide down.",
            ),
            Row(
                "wall-butterfly",
                43,
                15,
                3,
                "Lean your back on the wall and open your butterfly wings. Slide your arms up, then slide them down.",
            ),
            Row(
                "cat-stretch",
                49,
                21,
                4,
                "Go onto hands and knees. Puff your back up like a cat, then let it go soft like a sleepy cow.",
                stop=STOP_C1,
            ),
            Row(
                "superhero",
                48,
                18,
                6,
                "Lie on your tummy and stretch your arms out like a flying superhero. Lift arms and chest a little, fly, then land.",
            ),
            Row(
                "drawbridge",
                47,
                18,
                5,
                "Roll onto your back with bent knees. Lift your bottom like a castle bridge, let the boats go under, then lower.",
            ),
            Row(
                "bear-walk",
                41,
                20,
                6,
                "Put your hands and feet on the floor and walk like a big slow bear.",
                stop=STOP_C1,
            ),
            Row(
                "tightrope",
                43,
                20,
                3,
                "Put a soft toy on your head and walk along a pretend rope, standing tall. Walk there and back!",
                (("10 s", "Turn around slowly, keep your hat on!"),),
            ),
            Row(
                "sleepy-starfish",
                30,
                15,
                0,
                "Lie down like a starfish on warm sand. Breathe slowly and listen to the sea.",
            ),
        ),
    ),
}
