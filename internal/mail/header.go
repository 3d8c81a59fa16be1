package mail

import (
	"bytes"
	"io"
	"mime"
	netmail "net/mail"
	"strings"

	"golang.org/x/net/idna"
)

// field is one field of a header: its name in lower case, its value unfolded.
type field struct{ name, value string }

// heading is the header of a mail, read by us: parsers differ in what they make of
// a field that stands twice or is half broken, and a forger lives in between.
type heading struct {
	fields []field
	// odd: it holds something that no mail program writes and that two parsers may
	// read in two ways. Nothing is decided by such a mail.
	odd bool
}

// readHeading reads the header of a mail and returns what follows it. It is linear
// in what it reads, and reads no more than the limit of a header.
func readHeading(raw []byte) (heading, []byte) {
	var h heading
	rest := raw
	var last *strings.Builder
	end := func() {
		if last != nil {
			h.fields[len(h.fields)-1].value = strings.TrimSpace(last.String())
		}
	}
	for read := 0; len(rest) > 0; {
		line, next, found := bytes.Cut(rest, []byte("\n"))
		read += len(line) + 1
		if read > maxHeaderBytes {
			h.odd = true
			break
		}
		if !found {
			next = nil
		}
		rest = next
		text := strings.TrimSuffix(string(line), "\r")
		if text == "" {
			break
		}
		if strings.ContainsAny(text, "\r\x00") {
			h.odd = true
		}
		if text[0] == ' ' || text[0] == '\t' { // RFC 5322 section 2.2.3
			if last == nil {
				h.odd = true
				continue
			}
			last.WriteString(" " + strings.TrimLeft(text, " \t"))
			continue
		}
		name, value, colon := strings.Cut(text, ":")
		trimmed := strings.TrimRight(name, " \t") // allowed once: RFC 5322 section 4.5
		if !colon || !isFieldName(trimmed) {
			h.odd = true
			continue
		}
		end()
		h.fields, last = append(h.fields, field{name: strings.ToLower(trimmed)}), &strings.Builder{}
		last.WriteString(value)
	}
	end()
	return h, rest
}

func isFieldName(name string) bool {
	return name != "" && strings.IndexFunc(name, func(r rune) bool { return r <= ' ' || r > '~' }) < 0
}

// all are the values of the fields of that name, in their order.
func (h *heading) all(name string) []string {
	var found []string
	for _, f := range h.fields {
		if f.name == name {
			found = append(found, f.value)
		}
	}
	return found
}

// first is the value of the first field of that name; empty: there is none.
func (h *heading) first(name string) string {
	for _, f := range h.fields {
		if f.name == name {
			return f.value
		}
	}
	return ""
}

func (h *heading) has(name string) bool {
	for _, f := range h.fields {
		if f.name == name {
			return true
		}
	}
	return false
}

// sender is the one address of the one From field, as addresses are compared. A
// mail with another From before or behind the one that is signed still passes its
// signature, so anything else than exactly one is no sender at all.
func (h *heading) sender() (string, bool) {
	from := h.all("from")
	if len(from) != 1 || h.odd || grouped(from[0]) {
		return "", false
	}
	list, err := (&netmail.AddressParser{WordDecoder: wordDecoder()}).ParseList(strings.ToValidUTF8(from[0], "?"))
	if err != nil || len(list) != 1 || !plainAddress(list[0].Address) {
		return "", false
	}
	return sameAddress(list[0].Address), true
}

// grouped reports whether addresses are a group's (RFC 6854), whose name mail
// programs show as if it were a sender's.
func grouped(value string) bool {
	quoted, depth := false, 0
	for i := 0; i < len(value); i++ {
		switch c := value[i]; {
		case c == '\\':
			i++
		case c == '"' && depth == 0:
			quoted = !quoted
		case quoted:
		case c == '(':
			depth++
		case c == ')':
			depth--
		case depth == 0 && (c == ':' || c == ';'):
			return true
		}
	}
	return false
}

// sameAddress is an address as it is compared: in lower case, its domain as DNS
// has it. RFC 5321 lets a server tell local parts apart by case; none that people
// use does. Only ASCII is folded there: of other letters two may become one.
func sameAddress(address string) string {
	at := strings.LastIndexByte(address, '@')
	if at < 0 {
		return lowerASCII(address)
	}
	domain, err := idna.Lookup.ToASCII(strings.TrimSuffix(address[at+1:], "."))
	if err != nil {
		domain = address[at+1:]
	}
	return lowerASCII(address[:at]) + "@" + strings.ToLower(domain)
}

func lowerASCII(text string) string {
	return strings.Map(func(r rune) rune {
		if r >= 'A' && r <= 'Z' {
			return r + 'a' - 'A'
		}
		return r
	}, text)
}

// wordDecoder takes encoded words of every charset, as bytes where it is not one
// of those that matter: names may come out wrong, addresses may not fail for it.
func wordDecoder() *mime.WordDecoder {
	return &mime.WordDecoder{CharsetReader: func(_ string, r io.Reader) (io.Reader, error) { return r, nil }}
}

// decoded is a header's text without encoded words (RFC 2047).
func decoded(value string) string {
	text, err := wordDecoder().DecodeHeader(value)
	if err != nil {
		text = value
	}
	return strings.ToValidUTF8(text, "�")
}
