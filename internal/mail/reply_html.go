package mail

import (
	"strings"

	"golang.org/x/net/html"
)

// htmlReply is the text of a mail that has only HTML, up to where it quotes. It
// reads tokens and builds no tree, so that its work is linear whatever the
// nesting.
func htmlReply(source string) string {
	z := html.NewTokenizer(strings.NewReader(source))
	z.SetMaxBuf(mostText)
	var out strings.Builder
	hidden := 0
	for {
		switch z.Next() {
		case html.ErrorToken:
			return out.String()
		case html.TextToken:
			if hidden == 0 {
				out.WriteString(foldSpace(string(z.Text())))
			}
		case html.StartTagToken, html.SelfClosingTagToken:
			t := z.Token()
			if quotes(t) {
				return out.String()
			}
			switch t.Data {
			case "script", "style", "head", "title", "template", "noscript":
				if t.Type == html.StartTagToken {
					hidden++
				}
			case "body":
				hidden = 0
			}
			if isBlock(t.Data) {
				out.WriteByte('\n')
			}
		case html.EndTagToken:
			name, _ := z.TagName()
			switch string(name) {
			case "script", "style", "head", "title", "template", "noscript":
				hidden = max(0, hidden-1)
			case "p", "blockquote":
				out.WriteByte('\n')
			}
			if isBlock(string(name)) {
				out.WriteByte('\n')
			}
		}
	}
}

// quotes reports whether a tag begins what a mail program quotes.
func quotes(t html.Token) bool {
	if t.Data == "blockquote" {
		return true
	}
	for _, a := range t.Attr {
		value := strings.ToLower(a.Val)
		switch a.Key {
		case "id":
			switch value {
			case "appendonsend", "divrplyfwdmsg", "olk_src_body_section", "mail-editor-reference-message-container", "stopspelling":
				return true
			}
			if strings.HasSuffix(value, "divrplyfwdmsg") || strings.HasSuffix(value, "appendonsend") { // x_ is put before it at each reply
				return true
			}
		case "class":
			for _, class := range strings.Fields(value) {
				switch strings.TrimPrefix(class, "x_") {
				case "gmail_quote", "gmail_quote_container", "gmail_attr", "gmail_extra", "moz-cite-prefix", "yahoo_quoted", "protonmail_quote", "tutanota_quote", "zmail_extra":
					return true
				}
			}
		case "style": // Outlook's line above "From:"
			if t.Data == "div" && strings.Contains(value, "border-top:solid") && strings.Contains(value, "1.0pt") {
				return true
			}
		}
	}
	return false
}

func isBlock(name string) bool {
	switch name {
	case "br", "p", "div", "tr", "li", "ul", "ol", "table", "h1", "h2", "h3", "h4", "h5", "h6", "hr", "pre", "section", "article", "header", "footer", "td":
		return true
	}
	return false
}

// foldSpace folds white space as HTML does; only tags break lines.
func foldSpace(text string) string {
	folded := strings.Join(strings.Fields(text), " ")
	if folded == "" {
		if text != "" {
			return " "
		}
		return ""
	}
	if strings.TrimLeft(text, " \t\r\n\f") != text {
		folded = " " + folded
	}
	if strings.TrimRight(text, " \t\r\n\f") != text {
		folded += " "
	}
	return folded
}
