package mail

import (
	"slices"
	"strings"

	"github.com/jhillyerd/enmime/v2"
)

// reply is what somebody wrote themselves in a mail, without what they quote.
type reply struct {
	// text is all of it, for people to read.
	text string
	// below: something quoted stands above the first line. What follows a quotation
	// may be ours, so nothing is decided by it.
	below bool
}

// maxFooterLine is how long the line of a mail program's footer may be.
const maxFooterLine = 120

// readReply takes the reply out of a mail: of its text, else of its HTML.
func readReply(env *enmime.Envelope) reply {
	if text := plainText(env.Root); strings.TrimSpace(text) != "" {
		return cutReply(text)
	}
	return cutReply(htmlReply(bounded64(env.HTML)))
}

// plainText is the mail's text where that is plain, and no attachment: of what
// comes first, or of the form that stands beside it. Plain text further down is
// what a server or somebody else put below a reply that is in HTML.
func plainText(root *enmime.Part) string {
	first := root.DepthMatchFirst(func(p *enmime.Part) bool { return isBody(p, "text/plain", "", "text/html") })
	if first != nil && first.ContentType == "text/html" {
		beside := first.Parent != nil && first.Parent.ContentType == "multipart/alternative"
		for first = first.NextSibling; first != nil && (!beside || !isBody(first, "text/plain", "")); {
			first = first.NextSibling
		}
	}
	if first == nil {
		return ""
	}
	return bounded64(string(first.Content))
}

func isBody(p *enmime.Part, types ...string) bool {
	return slices.Contains(types, p.ContentType) && p.FirstChild == nil && p.Disposition != "attachment" && p.FileName == ""
}

func bounded64(text string) string {
	return strings.ToValidUTF8(text[:min(len(text), mostText)], "�")
}

// cutReply finds where the reply ends and what it quotes. It passes over the lines
// once, and looks at most four lines ahead.
func cutReply(text string) reply {
	lines := linesOf(text)
	var kept []string
	var r reply
	for i, line := range lines {
		bare := unquoted(line)
		if strings.Contains(strings.ToLower(bare), Marker) || beginsQuote(lines, i) {
			r.below = r.below || empty(kept)
			break
		}
		if isSignature(line) || isFooter(bare) {
			break
		}
		if strings.HasPrefix(strings.TrimLeft(line, " \t"), ">") {
			r.below = r.below || empty(kept)
			continue
		}
		kept = append(kept, line)
	}
	r.text = strings.TrimSpace(strings.Join(kept, "\n"))
	return r
}

func linesOf(text string) []string {
	text = strings.NewReplacer("\r\n", "\n", "\r", "\n", "\u2028", "\n", "\u2029", "\n", "\u0085", "\n", "\v", "\n", "\f", "\n",
		"\u00a0", " ", "\u202f", " ", "\u200b", "", "\ufeff", "", "\u00ad", "").Replace(text[:min(len(text), mostText)])
	return strings.Split(text, "\n")
}

func empty(lines []string) bool { return strings.TrimSpace(strings.Join(lines, "")) == "" }

// unquoted is a line without the marks of quoting and emphasis in front of it.
func unquoted(line string) string { return strings.TrimSpace(strings.TrimLeft(line, "> \t*_|")) }

// isSignature: "-- " (RFC 3676 section 4.3), which some programs strip or double.
func isSignature(line string) bool {
	switch strings.TrimSpace(line) {
	case "--", "---", "—", "––", "-- --":
		return true
	}
	return false
}

// isFooter: what programs on telephones write below everything.
func isFooter(line string) bool {
	if len(line) > maxFooterLine {
		return false
	}
	line = strings.ToLower(line)
	for _, begin := range []string{"sent from my ", "sent from mail for", "sent from outlook", "sent from yahoo", "sent from proton", "sent via ", "get outlook for ",
		"von meinem ", "gesendet von ", "gesendet mit ", "outlook für ", "envoyé de mon ", "envoyé depuis ", "envoyé à partir de ", "télécharger outlook",
		"enviado desde ", "enviado do meu ", "enviado a partir do ", "enviado via ", "obtener outlook", "obter o outlook", "verstuurd vanaf ", "verzonden vanaf ",
		"download outlook", "inviato da ", "inviato dal ", "scarica outlook", "ottieni outlook", "wysłane z ", "wysłano z ", "pobierz "} {
		if strings.HasPrefix(line, begin) {
			return true
		}
	}
	return false
}

// beginsQuote reports whether a quotation of an earlier mail begins at line i.
func beginsQuote(lines []string, i int) bool {
	bare := unquoted(lines[i])
	switch {
	case bare == "":
		return isRule(lines[i])
	case isRule(bare), isDivider(bare):
		return true
	}
	return isWrote(lines, i) || isHeaderBlock(lines, i)
}

// isRule: the line that Outlook draws above what it quotes.
func isRule(line string) bool {
	line = strings.TrimSpace(line)
	return len(line) >= 20 && strings.Trim(line, "_") == ""
}

// isDivider: "-----Original Message-----" in any language.
func isDivider(line string) bool {
	trimmed := strings.TrimLeft(line, "-")
	inner := strings.TrimRight(trimmed, "-")
	if len(line)-len(trimmed) < 2 || len(trimmed)-len(inner) < 2 || len(line) > 100 {
		return false
	}
	return strings.TrimSpace(inner) != ""
}

// leads and verbs are how the line above a quotation begins and what is in it: "On 2
// March, Gangway wrote:", "Am 2. März schrieb Gangway:".
func leads() []string {
	return []string{"on ", "am ", "le ", "el ", "em ", "op ", "il ", "w dniu ", "dnia ", "a ", "no dia ", "mon, ", "tue, ", "wed, ", "thu, ", "fri, ", "sat, ", "sun, "}
}

func isVerb(word string) bool {
	switch strings.Trim(word, ":") {
	case "wrote", "writes", "schrieb", "geschrieben", "écrit", "escribió", "escreveu", "schreef", "scritto", "napisał", "napisała", "napisał(a)", "napisał/a", "pisze":
		return true
	}
	return false
}

// isWrote: such a line, which programs break into as many as four.
func isWrote(lines []string, i int) bool {
	lead := hasPrefix(strings.ToLower(unquoted(lines[i])), leads())
	for n, text := 0, ""; n < 4 && i+n < len(lines); n++ {
		bare := strings.ToLower(unquoted(lines[i+n]))
		if bare == "" || n > 0 && !lead {
			return false
		}
		if text += " " + bare; len(text) > 400 {
			return false
		}
		if strings.HasSuffix(text, ":") && slices.ContainsFunc(strings.Fields(text), isVerb) {
			// Without a known beginning it is one only with an address or a date in it:
			// people write "as he wrote:" too.
			return lead || strings.ContainsAny(text, "@0123456789")
		}
	}
	return false
}

func hasPrefix(s string, all []string) bool {
	for _, p := range all {
		if strings.HasPrefix(s, p) {
			return true
		}
	}
	return false
}

// isHeaderBlock: "From: … Sent: … To: … Subject: …" as Outlook quotes, in the
// eight languages. The first line names the sender and one of the next three
// another field.
func isHeaderBlock(lines []string, i int) bool {
	switch fieldWord(lines[i]) {
	case "from", "von", "de", "van", "da", "od":
	default:
		return false
	}
	for n := 1; n <= 3 && i+n < len(lines); n++ {
		switch fieldWord(lines[i+n]) {
		case "sent", "date", "to", "subject", "cc", "gesendet", "datum", "an", "betreff", "envoyé", "à", "objet", "enviado", "enviado el", "fecha", "para", "asunto",
			"enviada", "enviada em", "data", "assunto", "verzonden", "aan", "onderwerp", "inviato", "a", "oggetto", "wysłano", "wysłane", "do", "temat", "dw":
			return true
		}
	}
	return false
}

// fieldWord is the word before the colon of a line such as "*Sent:* Monday".
func fieldWord(line string) string {
	name, _, found := strings.Cut(unquoted(line), ":")
	if !found || len(name) > 20 {
		return ""
	}
	return strings.ToLower(strings.Trim(name, " *_"))
}
