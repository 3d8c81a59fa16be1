package papers

import (
	"bytes"
	"compress/zlib"
	"io"
	"regexp"
	"strconv"
)

// pdfLook is what a PDF says of itself, as far as it can be seen without taking
// it apart.
type pdfLook struct {
	program bool // scripts, or programs to start
	files   bool // files attached
	form    bool // fields to fill in
	locked  bool // encrypted; perhaps only against changes
	notes   bool // comments, or text put over the text
}

// Bounds of looking into a PDF's compressed objects.
const (
	lookEach = 8 << 20
	lookAll  = 64 << 20
)

// lookAtPDF searches the objects of a PDF (ISO 32000-1, 7.5), those in compressed
// object streams too, for what tells of programs and files inside. It follows no
// references and so finds what no page leads to as well. Pages' own streams are
// left out: they are drawing, and chance has every short name in them.
func lookAtPDF(raw []byte) pdfLook {
	var look pdfLook
	left := lookAll
	for rest := raw; len(rest) > 0; {
		at := bytes.Index(rest, []byte("stream"))
		if at < 0 {
			look.at(rest)
			break
		}
		objects := rest[:at]
		look.at(objects)
		body := rest[at+len("stream"):]
		end := bytes.Index(body, []byte("endstream"))
		if end < 0 {
			look.at(body)
			break
		}
		if dict := objects[max(0, len(objects)-1000):]; left > 0 && bytes.Contains(dict[max(0, bytes.LastIndex(dict, []byte("obj"))):], []byte("ObjStm")) {
			inside := inflated(bytes.TrimLeft(body[:end], "\r\n"), min(left, lookEach))
			left -= len(inside)
			look.at(inside)
		}
		rest = body[end+len("endstream"):]
	}
	return look
}

// inflated unpacks at most n bytes of a stream; those of another packing stay as
// they are.
func inflated(data []byte, n int) []byte {
	z, err := zlib.NewReader(bytes.NewReader(data))
	if err != nil {
		return data[:min(len(data), n)]
	}
	defer z.Close()
	out, _ := io.ReadAll(io.LimitReader(z, int64(n))) // a broken end leaves what came before it
	return out
}

func (l *pdfLook) at(objects []byte) {
	if !bytes.ContainsRune(objects, '/') {
		return
	}
	if bytes.ContainsRune(objects, '#') {
		objects = unescapedNames(objects)
	}
	has := func(name string) bool { return hasName(objects, name) }
	l.program = l.program || has("JavaScript") || has("JS") || has("Launch")
	l.files = l.files || has("EmbeddedFiles") || has("EmbeddedFile") || has("RichMedia")
	l.form = l.form || has("XFA") || regexp.MustCompile(`/FT\s*/(Tx|Btn|Ch)\b`).Match(objects)
	l.notes = l.notes || regexp.MustCompile(`/Subtype\s*/(Text|FreeText|StrikeOut|Highlight|Underline|Squiggly|Caret|Ink|Stamp|Redact)\b`).Match(objects)
	l.locked = l.locked || has("Encrypt")
}

// hasName reports whether a name stands in objects, whole.
func hasName(objects []byte, name string) bool {
	want := []byte("/" + name)
	for {
		at := bytes.Index(objects, want)
		if at < 0 {
			return false
		}
		objects = objects[at+len(want):]
		if len(objects) == 0 || bytes.IndexByte([]byte(" \t\r\n\f\x00()<>[]{}/%"), objects[0]) >= 0 {
			return true
		}
	}
}

// unescapedNames writes out the characters that names may hide as #xx (7.3.5).
func unescapedNames(objects []byte) []byte {
	out := make([]byte, 0, len(objects))
	for i := 0; i < len(objects); i++ {
		if objects[i] == '#' && i+2 < len(objects) {
			if n, err := strconv.ParseUint(string(objects[i+1:i+3]), 16, 8); err == nil {
				out = append(out, byte(n))
				i += 2
				continue
			}
		}
		out = append(out, objects[i])
	}
	return out
}
