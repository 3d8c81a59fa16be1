package verb

import (
	"fmt"
	"strings"
	"unicode"

	"gangway/internal/playbook"
)

// mostTyped is how many letters are read; Slack lets people type many more, but
// no verb wants them.
const mostTyped = 1000

// Fault is why what was typed cannot be done, in words for whoever typed it.
type Fault struct {
	Text string
	Do   string // what to do about it
}

// Error is what is wrong.
func (f Fault) Error() string { return f.Text }

// Hint is what to do about it.
func (f Fault) Hint() string { return f.Do }

// Invalid is true: trying again is of no use.
func (f Fault) Invalid() bool { return true }

// Find returns the verb that a word names, in any case of letters; near is the
// word that may have been meant instead, if one is close.
func Find(word string) (v Verb, near string, ok bool) {
	word = strings.ToLower(word)
	var words []string
	for _, v := range Table() {
		if v.Word == word {
			return v, "", true
		}
		words = append(words, v.Word)
	}
	if len(word) > 40 {
		return Verb{}, "", false
	}
	return Verb{}, playbook.Nearest(word, words), false
}

// Parse reads what somebody typed after /vendor: the verb and its arguments, as
// many as Slack's use of it takes. Nothing typed is a call for help. The error is
// a Fault.
func Parse(text string) (Verb, []string, error) {
	words, err := split(text)
	if err != nil {
		return Verb{}, nil, err
	}
	if len(words) == 0 {
		words = []string{"help"}
	}
	v, near, ok := Find(words[0])
	args := words[1:]
	switch {
	case !ok:
		return Verb{}, nil, unknown(words[0], near)
	case !v.Slack.Offered:
		return Verb{}, nil, Fault{Text: v.Word + " is for the command line", Do: "Type `help` to see what there is here."}
	}
	least, most := v.Slack.Arity()
	switch {
	case len(args) < least:
		return Verb{}, nil, Fault{Text: strings.Fields(v.Slack.Args)[len(args)] + " is missing", Do: "It is: " + v.Word + " " + v.Slack.Args}
	case len(args) > most:
		return Verb{}, nil, Fault{Text: fmt.Sprintf("%.40q is one word too many", args[most]),
			Do: "It is: " + strings.TrimSpace(v.Word+" "+v.Slack.Args) + ". Put several words in quotes."}
	}
	return v, args, nil
}

// Arity is how many arguments there may be.
func (u Use) Arity() (least, most int) {
	for _, word := range strings.Fields(u.Args) {
		if !strings.HasPrefix(word, "[") && !strings.HasSuffix(word, "]") {
			least++
		}
		most++
	}
	return least, most
}

func unknown(word, near string) Fault {
	f := Fault{Text: fmt.Sprintf("there is no word %.40q", word), Do: "Type `help` to see what there is."}
	switch strings.ToLower(word) {
	case "approve", "reject", "changes", "answer", "accept", "deny", "yes", "no":
		f.Do = "Answers are given on the card of a request, where it can be read: `waiting` lists yours."
	default:
		if near != "" {
			f.Do = "Did you mean " + near + "?"
		}
	}
	return f
}

// split cuts at spaces outside quotes. Phones write curly quotes and long dashes
// by themselves, so those count as the plain ones. A quote inside a word is an
// apostrophe. Letters that cannot be seen are dropped: nobody means them.
func split(text string) ([]string, error) {
	var words []string
	var word strings.Builder
	var closes rune // of the quote that is open
	open, n := false, 0
	runes := []rune(text)
	for i, r := range runes {
		if n++; n > mostTyped {
			return nil, Fault{Text: "that is too long to be read", Do: fmt.Sprintf("At most %d letters.", mostTyped)}
		}
		r = plain(r)
		switch {
		case closes != 0 && r == closes && (closes == '"' || ends(runes[i+1:])):
			closes = 0
		case closes == 0 && unicode.IsSpace(r):
			if open {
				words = append(words, word.String())
			}
			word.Reset()
			open = false
		case closes == 0 && !open && (r == '"' || r == '\''):
			closes, open = r, true
		case unseen(r):
		default:
			word.WriteRune(r)
			open = true
		}
	}
	if closes != 0 {
		return nil, Fault{Text: "a quote is opened and never closed", Do: "Write the words between two quotes, or without any."}
	}
	if open {
		words = append(words, word.String())
	}
	return words, nil
}

// ends says whether a word ends here.
func ends(rest []rune) bool { return len(rest) == 0 || unicode.IsSpace(rest[0]) }

// plain is the letter of a keyboard for one that a phone puts in its place.
func plain(r rune) rune {
	switch r {
	case '“', '”', '„', '‟', '«', '»', '″':
		return '"'
	case '‘', '’', '‚', '‛', '′':
		return '\''
	case '—', '–':
		return '-'
	}
	return r
}

// unseen letters have no shape of their own: controls, marks that turn the
// direction of a text, joiners, and what is no letter at all.
func unseen(r rune) bool {
	return !unicode.IsSpace(r) && (unicode.In(r, unicode.C, unicode.Zl, unicode.Zp) || r == unicode.ReplacementChar)
}
