package web

import "html"

func htmlText(s string) string { return html.UnescapeString(s) }
