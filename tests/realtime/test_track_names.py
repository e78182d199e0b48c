import unicodedata
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from earmark.model.labels import BY_ID
from earmark.realtime.track_names import fold, meant, read_table, stands_for

DOCUMENT = Path(__file__).parent.parent.parent / "docs" / "names.md"
LANGUAGES = ("en", "de", "fr", "it", "es")
TABLE = read_table()
PHRASES = [phrase for one in TABLE["words"].values() for phrases in one.values() for phrase in phrases]

SINGER = "female_singer male_singer vocalists"
E_GUITAR = "clean_electric_guitar distorted_electric_guitar"
GUITAR = f"acoustic_guitar {E_GUITAR}"
BASS = "electric_bass double_bass"
SYNTH_BASS = "electric_bass synthesizer"
KEYS = "piano tack_piano electric_piano organ accordion harpsichord synthesizer"
STRINGS = "violin viola cello"
BRASS = "trumpet trombone french_horn tuba brass_section"
OVERHEADS = "cymbals drum_set"
BIG_DRUM = "kick auxiliary_percussion"

ENGLISH = {
    "Kick": "kick",
    "Kick In": "kick",
    "KICK OUT": "kick",
    "KickIn": "kick",
    "Kick Sub D112": "kick",
    "BD": "kick",
    "Bass drum": "kick",
    "SN top": "snare",
    "Snr btm": "snare",
    "03_SnareTop": "snare",
    "snaretop": "snare",
    "SD 57": "snare",
    "Hat": "hi_hat",
    "HH": "hi_hat",
    "Hi-Hat": "hi_hat",
    "Hats": "hi_hat",
    "Ride": "cymbals",
    "Crash L": "cymbals",
    "OH L": OVERHEADS,
    "OHs": OVERHEADS,
    "OHR": OVERHEADS,
    "Overheads": OVERHEADS,
    "Drums OH R": OVERHEADS,
    "OH Kit": OVERHEADS,
    "Tom 2": "tom",
    "Floor": "tom",
    "Rack 1": "tom",
    "FT": "tom",
    "Drums Tom 1": "tom",
    "Drums": "drum_set",
    "Kit": "drum_set",
    "Drum Room": "drum_set",
    "Drums Kick": "kick",
    "Perc": "auxiliary_percussion",
    "Congas": "auxiliary_percussion",
    "Perc Conga": "auxiliary_percussion",
    "Shaker": "auxiliary_percussion",
    "Tamb": "auxiliary_percussion",
    "Tri": "auxiliary_percussion",
    "Timpani": "auxiliary_percussion",
    "Vibes": "vibraphone",
    "Mar": "mallet_percussion",
    "Xyl": "mallet_percussion",
    "Glock": "mallet_percussion",
    "Steel drum": "mallet_percussion auxiliary_percussion",
    "Bass": BASS,
    "Bass DI": "electric_bass",
    "BassDI": "electric_bass",
    "Bass Amp": "electric_bass",
    "Bass gtr": "electric_bass",
    "Upright Bass": "double_bass",
    "Sub bass": SYNTH_BASS,
    "Syn Bass": SYNTH_BASS,
    "EGtr": E_GUITAR,
    "E.Gtr 2": E_GUITAR,
    "Elec Gtr 1": E_GUITAR,
    "Lead Gtr": E_GUITAR,
    "12-String Gtr": "acoustic_guitar",
    "12 Strings": STRINGS,
    "Gtr L": GUITAR,
    "GTR-L": GUITAR,
    "gtrl": GUITAR,
    "Guitars": GUITAR,
    "Gtr Dist L": "distorted_electric_guitar",
    "Clean Gtr": "clean_electric_guitar",
    "Ac Gtr": "acoustic_guitar",
    "AcGtr": "acoustic_guitar",
    "AG": "acoustic_guitar",
    "A.Gtr": "acoustic_guitar",
    "Gtr Acoustic": "acoustic_guitar",
    "Nylon": "acoustic_guitar",
    "Uke": "ukulele",
    "Mando": "mandolin",
    "Bjo": "banjo",
    "Keys": KEYS,
    "Keys Rhodes": "electric_piano",
    "Wurli": "electric_piano",
    "Electric Piano": "electric_piano",
    "EPno": "electric_piano",
    "B3": "organ",
    "B-3 Leslie Hi": "organ",
    "DX7": "electric_piano",
    "Hammond": "organ",
    "Harmonium": "organ",
    "Pno L": "piano",
    "Tack Piano": "tack_piano",
    "Acc": "accordion",
    "Accordion": "accordion",
    "Harpsi": "harpsichord",
    "Syn": "synthesizer",
    "Pad": "synthesizer",
    "Lead synth": "synthesizer",
    "String Synth": "synthesizer",
    "Vox": SINGER,
    "LV": SINGER,
    "Lead Voc": SINGER,
    "LdVx": SINGER,
    "BGV 3": SINGER,
    "BVs": SINGER,
    "Choir L": SINGER,
    "Gtr Vox": SINGER,
    "Drum Vox": SINGER,
    "Vox Tom": SINGER,
    "Female Vox": "female_singer",
    "Tenor Vox": "male_singer",
    "Talkback": "speech",
    "Presenter": "speech",
    "Vln 1": "violin",
    "Fiddle": "violin",
    "Strings Vln": "violin",
    "Strings": STRINGS,
    "Vla": "viola",
    "Vc": "cello",
    "Cb": "double_bass",
    "Hp": "harp",
    "Fl": "flute",
    "Picc": "flute",
    "Picc Tpt": "trumpet",
    "Alto Fl": "flute",
    "Ob": "oboe",
    "Cor anglais": "oboe",
    "Cl": "clarinet",
    "Bass clarinet": "clarinet",
    "Bass Cl": "clarinet",
    "Bsn": "bassoon",
    "Bassoon": "bassoon",
    "Hn": "french_horn",
    "Cor I": "french_horn",
    "Tpt": "trumpet",
    "Tbn": "trombone",
    "Bass Tbn": "trombone",
    "Euph": "tuba",
    "Brass": BRASS,
    "Horns": "trumpet trombone french_horn brass_section saxophone",
    "Alto Sax": "saxophone",
    "Sx": "saxophone",
    "T.Sax": "saxophone",
    "Sax Tenor": "saxophone",
    "Harmonica": "harmonica",
    "Blues Harp": "harmonica",
}
GERMAN = {
    "Große Trommel": BIG_DRUM,
    "Grosse Trommel": BIG_DRUM,
    "Gr. Tr.": BIG_DRUM,
    "Kl. Tr.": "snare",
    "Becken": "cymbals",
    "Standtom": "tom",
    "Schlgz.": "drum_set",
    "Schlagzeug": "drum_set",
    "Pauken": "auxiliary_percussion",
    "Bassgitarre": "electric_bass",
    "E-Bass": "electric_bass",
    "Kontrabass": "double_bass",
    "E-Git": E_GUITAR,
    "Leadgitarre": E_GUITAR,
    "Gitarrelinks": GUITAR,
    "A-Git 2": "acoustic_guitar",
    "Klavier": "piano",
    "E-Piano": "electric_piano",
    "Orgel": "organ",
    "Akkordeon": "accordion",
    "Cembalo": "harpsichord",
    "Gesang": SINGER,
    "Stimme 2": SINGER,
    "Chor": SINGER,
    "Chöre": SINGER,
    "Sängerin": "female_singer",
    "Sprecher": "speech",
    "1.Vl": "violin",
    "Gge": "violin",
    "Geige": "violin",
    "Br": "viola",
    "Bratsche": "viola",
    "Streicher": STRINGS,
    "Harfe": "harp",
    "Flöte": "flute",
    "Floete": "flute",
    "FLOTE": "flute",
    "Klar": "clarinet",
    "Bassklarinette": "clarinet",
    "Fag": "bassoon",
    "Fg": "bassoon",
    "Englischhorn": "oboe",
    "Hörner": "french_horn",
    "Trp": "trumpet",
    "Pos": "trombone",
    "Posaune": "trombone",
    "Altsax": "saxophone",
    "Mundharmonika": "harmonica",
    "Blech": BRASS,
}
FRENCH = {
    "Grosse caisse": BIG_DRUM,
    "GC": BIG_DRUM,
    "Caisse claire": "snare",
    "Charley": "hi_hat",
    "Tom basse": "tom",
    "Cymbales": "cymbals",
    "Batterie": "drum_set",
    "Tambourin": "auxiliary_percussion",
    "Tambour": "snare auxiliary_percussion",
    "Basse": BASS,
    "Contrebasse": "double_bass",
    "Guitare électrique": E_GUITAR,
    "Guitare acoustique": "acoustic_guitar",
    "Clavecin": "harpsichord",
    "Clavier": KEYS,
    "Orgue": "organ",
    "Accordéon": "accordion",
    "Chant": SINGER,
    "Voix": SINGER,
    "Chœur": SINGER,
    "Violon": "violin",
    "Violoncelle": "cello",
    "Cordes": STRINGS,
    "Harpe": "harp",
    "Flûte": "flute",
    "Hautbois": "oboe",
    "Htb": "oboe",
    "Basson": "bassoon",
    "Cor": "french_horn",
    "Trompette": "trumpet",
}
ITALIAN = {
    "Cassa": "kick",
    "Gran cassa": BIG_DRUM,
    "Rullante": "snare",
    "Charleston": "hi_hat",
    "Piatti": "cymbals",
    "Batteria": "drum_set",
    "Basso": BASS,
    "Contrabbasso": "double_bass",
    "Chitarra": GUITAR,
    "Chit. el.": E_GUITAR,
    "Tastiere": KEYS,
    "Pianoforte": "piano",
    "Fisarmonica": "accordion",
    "Armonica": "harmonica",
    "Voce": SINGER,
    "Cori": SINGER,
    "Violini II": "violin",
    "Archi": STRINGS,
    "Arpa": "harp",
    "Ottavino": "flute",
    "Fagotto": "bassoon",
    "Corno": "french_horn",
    "Corno inglese": "oboe",
    "Tromba": "trumpet",
    "Tromboni": "trombone",
    "Sassofono": "saxophone",
}
SPANISH = {
    "Bombo": BIG_DRUM,
    "Caja": "snare",
    "Platos": "cymbals",
    "Aéreos": OVERHEADS,
    "Batería": "drum_set",
    "Palmas": "auxiliary_percussion",
    "Bajo": BASS,
    "Contrabajo": "double_bass",
    "Guitarra": GUITAR,
    "Guitarra española": "acoustic_guitar",
    "Teclado": KEYS,
    "Órgano": "organ",
    "Acordeón": "accordion",
    "Voz": SINGER,
    "Coros": SINGER,
    "Locutor": "speech",
    "Violonchelo": "cello",
    "Flauta": "flute",
    "Trompa": "french_horn",
    "Trompeta": "trumpet",
    "Saxo": "saxophone",
}
SEVERAL_MEANINGS = {
    "Alto": "saxophone female_singer viola",
    "Tenor": "saxophone male_singer",
    "Bari": "saxophone male_singer",
    "Lead": f"{SINGER} {E_GUITAR} synthesizer",
    "Harm": f"harmonica {SINGER}",
    "Harp": "harp harmonica",
    "V1": f"violin {SINGER}",
    "V II": f"violin {SINGER}",
    "Kb": f"double_bass {KEYS}",
    "Kl": "clarinet piano",
    "TB": "speech trombone tuba",
    "Flügel": "piano trumpet",
    "Gtr/Vox": f"{GUITAR} {SINGER}",
    "Kick + Snare": "kick snare",
    "Vln 1/2": "violin",
    "Vln Vla": "violin viola",
}
NOTHING = [
    "",
    " ",
    "Input 1",
    "In 3",
    "Track 4",
    "TR 4",
    "Ch 12",
    "17",
    "Room",
    "Amb L",
    "FX",
    "Reverb Ret",
    "Click",
    "Playback",
    "Mix v2",
    "Aux 3",
    "Mic 2",
    "SM57",
    "U87",
    "DI",
    "Spare",
    "L",
    "what",
    "That",
    "Martin",
    "Basket",
    "Organise",
    "Flat",
    "микрофон",
    "🎸",
    "\x00\x1b[2J",
]
NAMES = ENGLISH | GERMAN | FRENCH | ITALIAN | SPANISH | SEVERAL_MEANINGS


@pytest.mark.parametrize(("name", "labels"), NAMES.items(), ids=NAMES)
def test_a_name_means_what_engineers_mean_by_it(name, labels):
    assert meant(name) == frozenset(labels.split())


@pytest.mark.parametrize("name", NOTHING)
def test_other_names_say_nothing(name):
    assert meant(name) == frozenset()


def test_words_of_every_heading_are_read_as_written():
    for heading, languages in TABLE["words"].items():
        own = stands_for(heading, TABLE["groups"])
        for phrase in (phrase for phrases in languages.values() for phrase in phrases):
            assert own <= meant(phrase), phrase


def test_every_instrument_and_part_has_words_and_only_those_are_meant():
    known = {label.id for label in BY_ID.values() if label.kind in ("instrument", "part")}
    assert frozenset().union(*map(meant, PHRASES)) == known


def test_the_table_is_in_order():
    folded = {"".join(fold(phrase)) for phrase in PHRASES}
    assert {"".join(fold(word)) for word in TABLE["yields"]} <= folded
    assert not folded & set(TABLE["endings"])
    assert set(TABLE["leads"]) <= TABLE["words"].keys()
    for heading, languages in TABLE["words"].items():
        assert tuple(languages) == tuple(sorted(languages, key=("en", "de", "fr", "es", "it").index)), heading
        for language, phrases in languages.items():
            keys = ["".join(fold(phrase)) for phrase in phrases]
            assert len(set(keys)) == len(keys), (heading, language)


def test_a_hostile_name_is_read_to_its_bound():
    assert meant("x " * 100 + "Kick") == frozenset()
    assert meant("Kick " + "\ufdfa" * 10_000) == {"kick"}
    assert meant("\ud800 Kick \ud800") == {"kick"}


@given(st.text(max_size=300))
def test_any_text_is_taken_and_only_known_labels_come(name):
    assert meant(name) <= BY_ID.keys()
    assert all(BY_ID[one].kind in ("instrument", "part") for one in meant(name))


@given(st.lists(st.sampled_from([*PHRASES, "L", "R", "3", "Anna", "Solo"]), max_size=6).map(" ".join))
def test_case_does_not_matter(name):
    assert meant(name) == meant(name.upper()) == meant(name.lower())


@given(st.sampled_from(PHRASES))
def test_accents_do_not_matter(phrase):
    bare = "".join(sign for sign in unicodedata.normalize("NFD", phrase) if not unicodedata.combining(sign))
    written_out = phrase.replace("ä", "ae").replace("ö", "oe").replace("ü", "ue").replace("ß", "ss")
    assert meant(bare) == meant(phrase) == meant(written_out) == meant(unicodedata.normalize("NFD", phrase))


@given(
    st.sampled_from([one for one in PHRASES if one.replace(" ", "").isalpha()]),
    st.integers(0, 99),
    st.sampled_from([" ", "_", "-", ".", ""]),
)
def test_numbers_and_separators_do_not_matter(phrase, number, separator):
    assert meant(f"{number}{separator}{phrase}") == meant(phrase) == meant(f"{phrase}{separator}{number:02}")
    assert meant(phrase.replace(" ", separator or "_")) == meant(phrase)


def row_of(heading: str) -> str:
    words = TABLE["words"][heading]
    cells = [", ".join(words.get(language, [])) for language in LANGUAGES]
    return f"| `{heading}` | {' | '.join(cells)} |"


@pytest.mark.parametrize("heading", TABLE["words"])
def test_the_document_shows_every_word(heading):
    assert row_of(heading) in DOCUMENT.read_text(encoding="utf-8").splitlines()


@pytest.mark.parametrize("group", TABLE["groups"])
def test_the_document_shows_every_group(group):
    members = ", ".join(f"`{one}`" for one in TABLE["groups"][group])
    assert f"| `{group}` | {members} |" in DOCUMENT.read_text(encoding="utf-8").splitlines()


def test_the_document_shows_every_word_that_yields():
    assert ", ".join(TABLE["yields"]) in " ".join(DOCUMENT.read_text(encoding="utf-8").split())
