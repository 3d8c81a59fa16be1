package web

import (
	"errors"
	"io"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"
)

const (
	// maxUpload is how many bytes one file of the vendor may have: what mail servers
	// let through, so that the portal takes what mail takes.
	maxUpload = 25 << 20
	// maxFiles is how many files one form may have.
	maxFiles = 10
	// maxUploads bounds a form with files. It is more than a file may have, so that
	// somebody who sends one that is too large is told so: a connection that is cut
	// in the middle of a form shows a browser's own page.
	maxUploads = 120 << 20
	// maxFields bounds the fields that come with files.
	maxFields = 20
	// maxField is how many bytes such a field may have.
	maxField = 4 << 10
	// maxFileName is how many characters of a file's name are kept.
	maxFileName = 120
)

// incoming is one file of a form while it comes in.
type incoming struct {
	Name     string // a stranger's words, made fit for a page
	Declared string // the type that the browser says it has
	io.Reader
}

// readFiles gives each file of a form to take as it comes in, with the fields
// that came before it: nothing is kept in memory or on the disk. Fields that come
// after the first file count for nothing. An error of take ends it.
func readFiles(w http.ResponseWriter, r *http.Request, take func(fields url.Values, f incoming) error) (fields url.Values, files int, err error) {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	if err != nil || kind != "multipart/form-data" {
		return nil, 0, plainFault{http.StatusUnsupportedMediaType, "this is no form of ours", "open the page here and send it again"}
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUploads)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, 0, unreadableForm()
	}
	fields = url.Values{}
	for n := 0; ; n++ {
		part, err := parts.NextPart()
		if errors.Is(err, io.EOF) {
			return fields, files, nil
		}
		if err != nil {
			return fields, files, tooLargeOr(err)
		}
		if n == maxFields+maxFiles {
			return fields, files, plainFault{http.StatusRequestEntityTooLarge, "this form has more parts than any of ours", "send at most ten files at once"}
		}
		if !isFile(part) {
			if err := readField(part, fields, files > 0); err != nil {
				return fields, files, err
			}
			continue
		}
		f := incoming{Name: fileName(part.FileName()), Declared: flat(part.Header.Get("Content-Type")), Reader: &bounded{r: part, left: maxUpload}}
		empty, err := peek(&f)
		if err != nil {
			return fields, files, tooLargeOr(err)
		}
		if empty && part.FileName() == "" {
			continue // the field was left empty
		}
		if files++; files > maxFiles {
			return fields, files, plainFault{http.StatusRequestEntityTooLarge, "this form has more than ten files", "send at most ten at once; those before it were taken"}
		}
		if err := take(fields, f); err != nil {
			return fields, files, err
		}
	}
}

// isFile tells a file from a field: a browser names a file's type, also where
// none was picked.
func isFile(part *multipart.Part) bool {
	return part.FileName() != "" || part.Header.Get("Content-Type") != ""
}

func readField(part *multipart.Part, fields url.Values, late bool) error {
	text, err := io.ReadAll(io.LimitReader(part, maxField+1))
	switch {
	case err != nil:
		return tooLargeOr(err)
	case len(text) > maxField:
		return &http.MaxBytesError{Limit: maxField}
	case !late:
		fields.Add(part.FormName(), strings.ToValidUTF8(string(text), "�"))
	}
	return nil
}

// peek reports whether a file has no byte at all.
func peek(f *incoming) (empty bool, err error) {
	first := make([]byte, 1)
	n, err := io.ReadFull(f.Reader, first)
	if errors.Is(err, io.EOF) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	f.Reader = io.MultiReader(strings.NewReader(string(first[:n])), f.Reader)
	return false, nil
}

// bounded reads at most left bytes and then says that there are more, instead of
// ending as if there were none. That a form breaks off is said as a fault of it.
type bounded struct {
	r    io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	if b.left < 0 {
		return 0, &http.MaxBytesError{Limit: maxUpload}
	}
	if int64(len(p)) > b.left+1 {
		p = p[:b.left+1]
	}
	n, err := b.r.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return n - 1, &http.MaxBytesError{Limit: maxUpload}
	}
	if err != nil && !errors.Is(err, io.EOF) { // of the form, and so its sender's
		err = tooLargeOr(err)
	}
	return n, err
}

// fileName makes a file's name fit to be shown: its last part, as both kinds of
// systems write folders, without characters that turn or hide text.
func fileName(name string) string {
	name = path.Base(strings.ReplaceAll(strings.ToValidUTF8(name, "�"), `\`, "/"))
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		switch {
		case unicode.Is(unicode.Bidi_Control, r):
			return -1
		case unicode.IsControl(r) || r == '\u2028' || r == '\u2029':
			return ' '
		}
		return r
	}, name))
	if name == "" || name == "." || name == "/" || name == ".." {
		return "a file without a name"
	}
	if utf8.RuneCountInString(name) <= maxFileName {
		return name
	}
	runes := []rune(name) // the ending says what it is
	return string(runes[:maxFileName-13]) + "…" + string(runes[len(runes)-12:])
}
