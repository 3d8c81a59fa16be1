package mail

import (
	"bytes"

	"github.com/jhillyerd/enmime/v2"

	"gangway/internal/arrivals"
)

// Limits of what is read of a mail. The parser has none of its own, and its work
// grows with the size times the depth.
const (
	// MaxMail is how many bytes of a mail are fetched; of a larger one its header.
	MaxMail = 25 << 20
	// mostMultiparts and mostMarks are counted before the parser sees the mail, in
	// all of its bytes.
	mostMultiparts = 100
	mostMarks      = 20_000 // lines that could be a boundary
	mostParts      = 200
	// mostFolds is how many lines of a header may continue the one before: whoever
	// verifies signatures joins them one by one, 8 GB of copying for 256 KiB.
	mostFolds = 2000
	// mostDeep is how deep parts may lie. The parser's time doubles with every level
	// that isn't closed: 1.5 ms for 10 of them, 1 s for 20, 90 s for 25. Mail programs
	// need four.
	mostDeep = 10
	// mostText is how much of a reply is read for what it says.
	mostText = 64 << 10
)

// dear says why a mail is not parsed at all; empty: it may be.
func dear(raw []byte) arrivals.Why {
	if len(raw) > MaxMail {
		return arrivals.TooBig
	}
	head := len(raw)
	for _, end := range []string{"\n\r\n", "\n\n"} {
		if i := bytes.Index(raw[:min(head, 2*maxHeaderBytes)], []byte(end)); i >= 0 {
			head = min(head, i)
		}
	}
	switch {
	case head > maxHeaderBytes:
		return arrivals.TooBig
	case countFold(raw, "multipart/", mostMultiparts+1) > mostMultiparts, countFold(raw, "boundary", 2*mostMultiparts+1) > 2*mostMultiparts:
		return arrivals.TooDeep
	case bytes.Count(raw[:head], []byte("\n "))+bytes.Count(raw[:head], []byte("\n\t")) > mostFolds:
		return arrivals.TooDeep
	case bytes.Count(raw, []byte("\n--")) > mostMarks, bytes.Count(raw, []byte("\r--")) > mostMarks:
		return arrivals.TooDeep
	case crowdedFold(raw):
		return arrivals.TooDeep
	case countFold(raw, "multipart/", mostDeep+1) > mostDeep && !shallow(raw): // forwarded mails have some too
		return arrivals.TooDeep
	}
	return ""
}

// countFold counts a word in lower case, whatever the case of the text, until it
// has found as many as are asked. It needs no copy of 25 MiB.
func countFold(text []byte, word string, until int) int {
	n := 0
	first, upper := word[0], word[0]-'a'+'A'
	for i := 0; i+len(word) <= len(text) && n < until; i++ {
		if c := text[i]; c != first && c != upper {
			continue
		}
		if bytes.EqualFold(text[i:i+len(word)], []byte(word)) {
			n++
			i += len(word) - 1
		}
	}
	return n
}

// crowdedFold is crowded without a copy of the whole text.
func crowdedFold(raw []byte) bool {
	content, semicolons := false, 0
	for line := range bytes.Lines(raw) {
		switch {
		case len(bytes.TrimSpace(line)) == 0:
			content = false
		case !content && beginsContent(line):
			content, semicolons = true, 0
		}
		if content {
			if semicolons += bytes.Count(line, []byte(";")); semicolons > maxSemicolons {
				return true
			}
		}
	}
	return false
}

func beginsContent(line []byte) bool {
	const word = "content-"
	line = bytes.TrimLeft(line, " \t")
	return len(line) >= len(word) && bytes.EqualFold(line[:len(word)], []byte(word))
}

// parse reads a mail within the limits. Why says which one it went beyond, or that
// it can't be parsed: then it is evidence and nothing else.
func parse(raw []byte) (env *enmime.Envelope, why arrivals.Why) {
	if why = dear(raw); why != "" {
		return nil, why
	}
	defer func() {
		if recover() != nil { // a parser of strangers' bytes takes nothing down with it
			env, why = nil, arrivals.TooDeep
		}
	}()
	parser := enmime.NewParser(enmime.DisableTextConversion(true), enmime.SkipMalformedParts(true), enmime.MaxStoredPartErrors(10))
	env, err := parser.ReadEnvelope(bytes.NewReader(raw))
	if err != nil || env == nil || env.Root == nil {
		return nil, arrivals.TooDeep
	}
	if parts, deep := measure(env.Root); parts > mostParts || deep > mostDeep+1 {
		return nil, arrivals.TooDeep
	}
	return env, ""
}

// measure counts the parts of a mail and how deep they lie.
func measure(root *enmime.Part) (parts, deep int) {
	type at struct {
		part *enmime.Part
		deep int
	}
	for todo := []at{{root, 1}}; len(todo) > 0; {
		a := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		for p := a.part; p != nil; p = p.NextSibling {
			parts, deep = parts+1, max(deep, a.deep)
			if p.FirstChild != nil {
				todo = append(todo, at{p.FirstChild, a.deep + 1})
			}
		}
	}
	return parts, deep
}
