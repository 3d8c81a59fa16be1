package slacktest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// styled is a line of mrkdwn as people see it (Slack, "Formatting text for app
// surfaces").
type styled struct {
	Quote, Code bool
	Runs        []styledRun
}

// styledRun is a piece of a line.
type styledRun struct {
	Text                       string
	Bold, Italic, Strike, Code bool
	Link                       string // empty: none
}

// lines reads mrkdwn.
func (s *Server) lines(text string) []styled {
	var all []styled
	code := false
	for i, part := range strings.Split(text, "```") {
		if i > 0 {
			code = !code
		}
		if part = strings.TrimPrefix(part, "\n"); part == "" {
			continue
		}
		for _, l := range strings.Split(strings.TrimSuffix(part, "\n"), "\n") {
			if code {
				all = append(all, styled{Code: true, Runs: []styledRun{{Text: literally(l), Code: true}}})
				continue
			}
			rest, quote := strings.CutPrefix(l, ">")
			if !quote {
				rest, quote = strings.CutPrefix(l, "&gt;")
			}
			if quote {
				rest = strings.TrimPrefix(rest, " ")
			}
			all = append(all, styled{Quote: quote, Runs: s.runs(rest, styledRun{})})
		}
	}
	return all
}

// runs reads a line of mrkdwn, or what stands between two marks of one.
func (s *Server) runs(text string, as styledRun) []styledRun {
	var all []styledRun
	var plain strings.Builder
	end := func() {
		if plain.Len() > 0 {
			run := as
			run.Text = literally(plain.String())
			all = append(all, run)
			plain.Reset()
		}
	}
	for i := 0; i < len(text); {
		c := text[i]
		if c == '<' {
			if to := strings.IndexByte(text[i:], '>'); to > 0 {
				end()
				run := as
				run.Text, run.Link = s.angled(text[i+1 : i+to])
				all = append(all, run)
				i += to + 1
				continue
			}
		}
		if to := closing(text, i); to > 0 {
			end()
			inner, style := text[i+1:to], as
			switch c {
			case '`':
				style.Code, style.Text = true, literally(inner)
				all = append(all, style)
			case '*':
				style.Bold = true
			case '_':
				style.Italic = true
			case '~':
				style.Strike = true
			}
			if c != '`' {
				all = append(all, s.runs(inner, style)...)
			}
			i = to + 1
			continue
		}
		plain.WriteByte(c)
		i++
	}
	end()
	return all
}

// closing is where the mark at a place is closed; 0: it is none. Marks stand at the
// edges of words.
func closing(text string, at int) int {
	c := text[at]
	if !strings.ContainsRune("*_~`", rune(c)) {
		return 0
	}
	before, _ := utf8.DecodeLastRuneInString(text[:at])
	next, _ := utf8.DecodeRuneInString(text[at+1:])
	if at > 0 && wordy(before) || at+1 >= len(text) || unicode.IsSpace(next) || next == rune(c) {
		return 0
	}
	angled := false
	for i := at + 1; i < len(text); i++ {
		switch {
		case text[i] == '<':
			angled = true
		case text[i] == '>':
			angled = false
		case text[i] == c && !angled:
			last, _ := utf8.DecodeLastRuneInString(text[:i])
			after, _ := utf8.DecodeRuneInString(text[i+1:])
			if !unicode.IsSpace(last) && (i+1 == len(text) || !wordy(after)) {
				return i
			}
		}
	}
	return 0
}

func wordy(r rune) bool { return unicode.IsLetter(r) || unicode.IsDigit(r) }

// angled is what <…> shows, and where it leads.
func (s *Server) angled(inner string) (text, link string) {
	what, label, labelled := strings.Cut(inner, "|")
	switch {
	case strings.HasPrefix(what, "!date^"), strings.HasPrefix(what, "!subteam^") && labelled:
		return literally(label), ""
	case strings.HasPrefix(what, "!"):
		return "@" + literally(what[1:]), ""
	case strings.HasPrefix(what, "@"):
		if u, found := s.User(what[1:]); found {
			return "@" + nameOf(u), ""
		}
		return "@" + literally(what[1:]), ""
	case strings.HasPrefix(what, "#"):
		for _, c := range s.Channels() {
			if c.ID == what[1:] && c.Name != "" {
				return "#" + c.Name, ""
			}
		}
		return literally(what), ""
	case labelled:
		return literally(label), literally(what)
	}
	return literally(what), literally(what)
}

func nameOf(u User) string {
	if u.RealName != "" {
		return u.RealName
	}
	if u.Name != "" {
		return u.Name
	}
	return u.ID
}

// literally undoes Slack's three entities.
func literally(text string) string {
	return strings.NewReplacer("&lt;", "<", "&gt;", ">", "&amp;", "&").Replace(text)
}

// plainly is mrkdwn without its marks.
func (s *Server) plainly(text string) string {
	var all []string
	for _, l := range s.lines(text) {
		var b strings.Builder
		for _, r := range l.Runs {
			b.WriteString(r.Text)
		}
		all = append(all, b.String())
	}
	return strings.Join(all, "\n")
}

// reading is what a reader sees of a message or a view: its blocks, or its text
// where it has none. What can be clicked is not part of it.
func (s *Server) reading(v Version) string {
	blocks := decode(v.Blocks)
	if len(blocks) == 0 {
		return s.plainly(v.Text)
	}
	var all []string
	for _, b := range blocks {
		all = append(all, s.words(b)...)
	}
	return strings.Join(all, "\n")
}

// words are those of a block.
func (s *Server) words(b map[string]any) []string {
	var all []string
	add := func(v any) {
		if text := s.label(v); text != "" {
			all = append(all, text)
		}
	}
	for _, name := range []string{"title", "label", "text", "hint", "alt_text"} {
		add(b[name])
	}
	list, _ := b["fields"].([]any)
	if b["type"] == "context" {
		list, _ = b["elements"].([]any)
	}
	for _, each := range list {
		add(each)
	}
	if b["type"] == "rich_text" || b["type"] == "table" {
		all = append(all, strings.Join(inside(b), ""))
	}
	return all
}

// label is a text object as its reader sees it, or a string as it is.
func (s *Server) label(v any) string {
	if text, is := v.(string); is {
		return text
	}
	o, _ := v.(map[string]any)
	text, _ := o["text"].(string)
	switch o["type"] {
	case "mrkdwn":
		return s.plainly(text)
	case "image":
		text, _ = o["alt_text"].(string)
	}
	return text
}

// inside are all texts anywhere in a rich text.
func inside(v any) []string {
	var all []string
	switch v := v.(type) {
	case []any:
		for _, each := range v {
			all = append(all, inside(each)...)
		}
	case map[string]any:
		if text, is := v["text"].(string); is {
			all = append(all, text)
		}
		for _, name := range []string{"elements", "rows"} {
			all = append(all, inside(v[name])...)
		}
	}
	return all
}

// squeeze makes one space of all white space, and drops the marks that set texts
// apart without being seen.
func squeeze(text string) string {
	text = strings.Map(func(r rune) rune {
		switch r {
		case '\u2068', '\u2069', '\u200b', '\u2060', '\ufeff':
			return -1
		}
		return r
	}, text)
	return strings.Join(strings.Fields(text), " ")
}

// holdsAll: all the words stand in a text, wherever its lines break.
func holdsAll(text string, words []string) bool {
	text = squeeze(text)
	for _, w := range words {
		if !strings.Contains(text, squeeze(w)) {
			return false
		}
	}
	return true
}

// same labels differ at most in the … of what opens a form.
func same(one, other string) bool {
	bare := func(label string) string { return strings.TrimSpace(strings.TrimSuffix(squeeze(label), "…")) }
	return bare(one) == bare(other)
}
