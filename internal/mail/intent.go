package mail

import (
	"slices"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"gangway/internal/review"
)

// intent is what a reply decides; no verdict: it decides nothing.
type intent struct {
	verdict review.Verdict
	// reason is what was written besides the word.
	reason string
}

// readIntent reads the first line that isn't empty. It must be, as a whole, one of
// the words that count: whatever is added to it makes it unclear, since "approved
// if" is no approval and nobody is guessed for. Options are what a choice offers; the
// vocabulary's words count for those of its verdicts that are among them. None: all do.
func readIntent(r reply, options []review.Verdict) intent {
	first, rest := firstLine(r.text)
	if r.below || first == "" || asks(first) {
		return intent{}
	}
	said, mood, plain := normal(first)
	if !plain {
		return intent{}
	}
	if strings.HasPrefix(said, commandSign) {
		return command(first, said, mood, rest, options)
	}
	for _, o := range options {
		if said == optionWord(o) && mood == 0 {
			return judged(o, mood, rest)
		}
	}
	v := wordVerdict(said)
	if len(options) > 0 && !slices.Contains(options, v) {
		return intent{}
	}
	return judged(v, mood, rest)
}

// judged lets a verdict stand that nothing speaks against.
func judged(v review.Verdict, mood int, rest string) intent {
	positive := v == review.Approve || v == review.Done
	switch {
	case v == "":
		return intent{}
	case positive && mood < 0, !positive && mood > 0: // "Approved" with a thumb down
		return intent{}
	case positive && hedged(rest):
		return intent{}
	}
	return intent{v, strings.TrimSpace(rest)}
}

// command reads "#reject the liability cap is missing".
func command(first, said string, mood int, rest string, options []review.Verdict) intent {
	name, _, _ := strings.Cut(said, " ")
	var v review.Verdict
	for _, o := range options {
		if word := commandSign + optionWord(o); said == word || strings.HasPrefix(said, word+" ") {
			v = o
		}
	}
	if len(options) == 0 {
		v = wordVerdict(name)
	}
	_, reason, _ := strings.Cut(strings.TrimSpace(first), " ")
	reason = strings.TrimSpace(reason)
	if v == review.Approve || v == review.Done {
		if said != name { // nothing is added to an approval
			return intent{}
		}
		return judged(v, mood, rest)
	}
	if v == "" || mood > 0 && len(options) == 0 {
		return intent{}
	}
	return intent{v, strings.TrimSpace(reason + "\n" + rest)}
}

func wordVerdict(said string) review.Verdict {
	for _, p := range Vocabulary() {
		for _, w := range p.Words {
			if w == said {
				return p.Verdict
			}
		}
	}
	return ""
}

// optionWord is how a choice is written: go-with-acme as "go with acme".
func optionWord(v review.Verdict) string {
	return strings.ToLower(strings.ReplaceAll(string(v), "-", " "))
}

func firstLine(text string) (first, rest string) {
	for text != "" {
		line, more, _ := strings.Cut(text, "\n")
		if strings.TrimSpace(line) != "" {
			return strings.TrimSpace(line), more
		}
		text = more
	}
	return "", ""
}

// asks: a question decides nothing, in whatever script its mark is.
func asks(line string) bool { return strings.ContainsAny(line, "?？¿؟⁇⁈⁉❓❔") }

// normal is a line in lower case, without punctuation and emoji, its words one
// space apart, and its mood: above 0 a thumb up, below 0 a thumb down. A character
// of which it isn't known what it says makes the line no plain one. A leading # or +
// stays.
func normal(line string) (said string, mood int, plain bool) {
	var b strings.Builder
	up, down := false, false
	for _, r := range strings.ToLower(norm.NFC.String(line)) {
		switch {
		case strings.ContainsRune("'’‘´`", r):
			b.WriteByte('\'')
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			b.WriteRune(r)
		case (r == '#' || r == '+') && strings.TrimSpace(b.String()) == "":
			b.WriteRune(r)
		case r == '\u200d' || r >= '\ufe00' && r <= '\ufe0f' || r >= 0x1f3fb && r <= 0x1f3ff: // joins, variants, tones of skin
		case strings.ContainsRune("👍✅✔👌💯🎉☑", r):
			up = true
			b.WriteByte(' ')
		case strings.ContainsRune("👎❌🚫⛔✖✗✘🛑⚠", r):
			down = true
			b.WriteByte(' ')
		case strings.ContainsRune("🙂😊😀😃😄🙏👋☺", r) || unicode.IsSpace(r) || unicode.IsPunct(r):
			b.WriteByte(' ')
		default:
			return "", 0, false
		}
	}
	switch {
	case up && down:
		return "", 0, false
	case up:
		mood = 1
	case down:
		mood = -1
	}
	return strings.Trim(strings.Join(strings.Fields(b.String()), " "), "'"), mood, true
}

// hedged reports whether what follows an approval may take it back: its own
// paragraph asks or goes on with a condition, or a later one begins with a "but".
func hedged(rest string) bool {
	own := true // until an empty line
	for line := range strings.Lines(rest) {
		begins := own
		if strings.TrimSpace(line) == "" {
			own = false
			continue
		}
		words := strings.FieldsFunc(strings.ToLower(line), func(r rune) bool { return !unicode.IsLetter(r) && r != '\'' })
		if len(words) > 0 && isBut(words[0]) {
			return true
		}
		if begins && (asks(line) || slices.ContainsFunc(words, func(w string) bool { return isBut(w) || isIf(w) })) {
			return true
		}
	}
	return false
}

func isBut(word string) bool {
	switch word {
	case "but", "however", "only", "unless", "except", "provided", "not", "once", "after", "aber", "jedoch", "allerdings", "sofern", "nur", "nicht", "mais", "toutefois", "cependant",
		"sauf", "pero", "salvo", "porém", "contudo", "maar", "echter", "mits", "però", "tuttavia", "purché", "ale", "jednak", "chyba":
		return true
	}
	return false
}

func isIf(word string) bool {
	switch word {
	case "if", "when", "until", "condition", "conditions", "conditional", "subject", "wenn", "falls", "bedingung", "si", "condición", "se", "condição", "als", "indien", "voorwaarde",
		"condizione", "jeśli", "jeżeli", "warunkiem", "without", "ohne", "sans", "sin", "sem", "zonder", "senza", "bez":
		return true
	}
	return false
}
