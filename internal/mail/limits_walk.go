package mail

import (
	"bytes"
	"errors"
	"io"
	"mime"
	"mime/multipart"
	netmail "net/mail"
	"strings"
)

// shallow walks a mail's parts with the standard library's reader, which takes time
// by size and depth only. It reports whether they are few, not deep, closed, and so
// plain that the other parser sees the same: whatever it stumbles over is not.
func shallow(raw []byte) bool {
	m, err := netmail.ReadMessage(bytes.NewReader(raw))
	if err != nil {
		return false
	}
	w := walk{left: mostParts}
	return w.part(m.Header["Content-Type"], m.Body, 0)
}

type walk struct{ left int }

func (w *walk) part(types []string, body io.Reader, deep int) bool {
	if w.left--; w.left < 0 || deep > mostDeep || len(types) > 1 {
		return false
	}
	if len(types) == 0 {
		return drained(body)
	}
	media, params, err := mime.ParseMediaType(types[0])
	if err != nil || strings.Contains(types[0], "=?") {
		return false
	}
	if !strings.HasPrefix(media, "multipart/") {
		return !strings.Contains(strings.ToLower(types[0]), "multipart/") && drained(body)
	}
	r := multipart.NewReader(body, params["boundary"])
	for {
		p, err := r.NextRawPart()
		if errors.Is(err, io.EOF) { // only behind a closing boundary
			return drained(body)
		}
		if err != nil || !w.part(p.Header["Content-Type"], p, deep+1) {
			return false
		}
	}
}

func drained(r io.Reader) bool {
	_, err := io.Copy(io.Discard, r)
	return err == nil
}
