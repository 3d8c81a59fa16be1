package mail

import "strings"

// results is what an Authentication-Results header says (RFC 8601 section 2.2).
type results struct {
	server  string // authserv-id; empty: it carries none, as Microsoft's
	methods []method
}

// method is one check and its result.
type method struct {
	name, result string
	props        []field
}

func (m *method) of(name string) string {
	for _, p := range m.props {
		if p.name == name {
			return p.value
		}
	}
	return ""
}

// Limits of a header that is read; servers write a tenth of it.
const (
	maxResults = 16 << 10
	maxMethods = 50
)

// readResults reads the value of an Authentication-Results header as servers write
// them: comments within comments, quoted values, semicolons in both, no space
// before a comment, no server's name. What is not understood is not ok.
func readResults(value string) (results, bool) {
	if len(value) > maxResults {
		return results{}, false
	}
	parts, ok := splitResults(value)
	if !ok || len(parts) == 0 || len(parts) > maxMethods {
		return results{}, false
	}
	var r results
	if words := parts[0]; len(words) > 0 && !words[0].hasKey() {
		if words[0].text == "" || len(words) > 2 { // the name, and perhaps a version
			return results{}, false
		}
		r.server = strings.ToLower(words[0].text)
		parts = parts[1:]
	}
	for _, words := range parts {
		m, ok := readMethod(words)
		if !ok {
			return results{}, false
		}
		if m.name != "" {
			r.methods = append(r.methods, m)
		}
	}
	return r, true
}

// word is a run of characters between spaces; what stood in quotes is part of it.
type word struct {
	text   string
	quoted int // where in text the first quotes begin; -1: nowhere
}

// hasKey reports whether a word is "key=" and perhaps a value. Quotes are for
// values: the key and its sign are never in them (RFC 8601 section 2.2).
func (w word) hasKey() bool {
	at := strings.Index(w.text, "=")
	return at >= 0 && (w.quoted < 0 || w.quoted > at)
}

// wantsValue reports whether a word is a key whose value may be the next word.
func (w word) wantsValue() bool {
	return w.hasKey() && w.quoted < 0 && strings.Index(w.text, "=") == len(w.text)-1
}

// splitResults drops comments and splits what is left by semicolons and spaces.
func splitResults(value string) ([][]word, bool) {
	parts := [][]word{nil}
	var text strings.Builder
	open, depth, quoted, first := false, 0, false, -1
	flush := func() {
		if open {
			last := len(parts) - 1
			parts[last] = append(parts[last], word{text.String(), first})
		}
		text.Reset()
		open, first = false, -1
	}
	for i := 0; i < len(value); i++ {
		c := value[i]
		switch {
		case c == '\\' && (depth > 0 || quoted):
			if i++; i >= len(value) {
				return nil, false
			}
			if quoted && depth == 0 {
				text.WriteByte(value[i])
			}
		case depth > 0:
			switch c {
			case '(':
				depth++
			case ')':
				depth--
			}
		case quoted:
			if c == '"' {
				quoted = false
			} else {
				text.WriteByte(c)
			}
		case c == '"':
			if first < 0 {
				first = text.Len()
			}
			quoted, open = true, true
		case c == '(':
			depth++
			if open && !strings.HasSuffix(text.String(), "=") { // pass(p=reject)
				flush()
			}
		case c == ')':
			return nil, false
		case c == ';':
			flush()
			parts = append(parts, nil)
		case c == ' ' || c == '\t':
			flush()
		default:
			text.WriteByte(c)
			open = true
		}
	}
	flush()
	return parts, depth == 0 && !quoted
}

// readMethod reads "dkim=pass reason=x header.d=example.org". An empty one (after
// the last semicolon) and "none" have no name.
func readMethod(words []word) (method, bool) {
	words = joined(words)
	if len(words) == 0 || len(words) == 1 && strings.EqualFold(words[0].text, "none") {
		return method{}, true
	}
	var m method
	for i, w := range words {
		name, value, _ := strings.Cut(w.text, "=")
		name = strings.ToLower(name)
		if !w.hasKey() { // "action none", as some servers write; it says nothing that we read
			if i == 0 {
				return method{}, false
			}
			continue
		}
		if i == 0 {
			name, _, _ = strings.Cut(name, "/") // a version of the method
			m.name, m.result = name, strings.ToLower(value)
			continue
		}
		if m.of(name) != "" && m.of(name) != strings.ToLower(value) { // said twice, in two ways
			return method{}, false
		}
		m.props = append(m.props, field{name, strings.ToLower(value)})
	}
	return m, isKeyword(m.name)
}

// isKeyword: what methods are called, with the dot that some servers' own have.
func isKeyword(name string) bool {
	return name != "" && strings.Trim(name, "abcdefghijklmnopqrstuvwxyz0123456789-_.") == ""
}

// joined puts "dkim = pass" together.
func joined(words []word) []word {
	var out []word
	for _, w := range words {
		n := len(out)
		switch {
		case n > 0 && out[n-1].wantsValue():
			if w.quoted >= 0 {
				out[n-1].quoted = len(out[n-1].text) + w.quoted
			}
			out[n-1].text += w.text
			continue
		case n > 0 && out[n-1].quoted < 0 && !out[n-1].hasKey() && w.hasKey() && w.text[0] == '=':
			if w.quoted >= 0 {
				w.quoted += len(out[n-1].text)
			}
			out[n-1] = word{out[n-1].text + w.text, w.quoted}
			continue
		}
		out = append(out, w)
	}
	return out
}
