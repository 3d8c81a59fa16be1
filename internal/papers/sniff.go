package papers

import (
	"bytes"
	"mime"
	"path"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/gabriel-vasile/mimetype"

	"gangway/internal/engagement"
)

// What is taken.
const (
	mediaPDF      = "application/pdf"
	mediaDOCX     = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
	mediaMarkdown = "text/markdown"
	mediaPlain    = "text/plain"
	mediaCSV      = "text/csv"
	mediaPNG      = "image/png"
	mediaJPEG     = "image/jpeg"
)

// sniff gives the type that the bytes show, and refuses those that aren't taken
// and those that are something else than their name or their declared type says.
func sniff(name, declared string, raw []byte) (media string, err error) {
	ending, clean := endingOf(name)
	if !clean {
		return "application/octet-stream", refuse(engagement.FaultMismatch, "the name hides its ending")
	}
	media = shown(ending, raw)
	switch {
	case macroEnding(ending):
		return media, refuse(engagement.FaultMacros, "the name is that of a document with macros")
	case media == "application/x-ole-storage":
		return media, refuse(inOLE(raw), "an OLE container")
	case !taken(media):
		if says := named(ending); says != "" && taken(says) {
			return media, refuse(engagement.FaultMismatch, "bytes of a type that is not taken under a name that is")
		}
		return media, refuse(engagement.FaultType, "a type that is not taken")
	}
	if says := named(ending); says != "" && !same(says, media) {
		return media, refuse(engagement.FaultMismatch, "the name's ending is of another type")
	}
	if says := declares(declared); says != "" && !same(says, media) {
		return media, refuse(engagement.FaultMismatch, "another type was declared")
	}
	return media, nil
}

func taken(media string) bool {
	return slices.Contains([]string{mediaPDF, mediaDOCX, mediaMarkdown, mediaPlain, mediaCSV, mediaPNG, mediaJPEG}, media)
}

// same reports whether a claim is met; kinds of text can't be told apart by their
// bytes.
func same(claim, media string) bool {
	return claim == media || text(claim) && text(media)
}

func text(media string) bool {
	return media == mediaPlain || media == mediaMarkdown || media == mediaCSV
}

// shown is the type that the bytes show; only which kind of text it is, the name
// says.
func shown(ending string, raw []byte) string {
	if bytes.HasPrefix(raw, []byte("%PDF-")) {
		return mediaPDF
	}
	found := mimetype.Detect(raw)
	for _, m := range []string{mediaDOCX, mediaPNG, mediaJPEG, "application/x-ole-storage"} {
		for at := found; at != nil; at = at.Parent() {
			if at.Is(m) {
				return m
			}
		}
	}
	media, _, _ := strings.Cut(found.String(), ";")
	if textual(media, ending, raw) {
		switch named(ending) {
		case mediaMarkdown, mediaCSV:
			return named(ending)
		}
		return mediaPlain
	}
	return media
}

// textual reports whether bytes are text for people. Markdown may begin with an
// element of HTML, but no page does.
func textual(media, ending string, raw []byte) bool {
	switch media {
	case "text/plain", "text/csv", "text/tab-separated-values":
		return true
	case "application/octet-stream":
		_, wide := unmarkedUTF16(raw) // which detection does not know
		return text(named(ending)) && (wide || !bytes.ContainsFunc(raw, control) && utf8.Valid(raw))
	case "text/html":
		head := strings.ToLower(string(raw[:min(len(raw), 1024)]))
		return named(ending) == mediaMarkdown && !strings.Contains(head, "<html") && !strings.Contains(head, "<!doctype") &&
			!strings.Contains(head, "<script")
	}
	return false
}

func control(r rune) bool { return r < ' ' && !strings.ContainsRune("\t\n\v\f\r", r) }

// inOLE says why an old container is refused: a password, a program, or its age.
func inOLE(raw []byte) engagement.ReadingFault {
	switch {
	case bytes.Contains(raw, wide("EncryptedPackage")):
		return engagement.FaultEncrypted
	case bytes.Contains(raw, wide("_VBA_PROJECT")), bytes.Contains(raw, wide("VBA")):
		return engagement.FaultMacros
	}
	return engagement.FaultType
}

// wide is a name as the directory of an OLE container has it (MS-CFB 2.6.1).
func wide(name string) []byte {
	out := make([]byte, 0, 2*len(name))
	for _, c := range []byte(name) {
		out = append(out, c, 0)
	}
	return out
}

// endingOf gives the ending of a name in lower case without its dot, as a
// person's computer would see it; clean is false for names that show another
// ending than they have.
func endingOf(name string) (ending string, clean bool) {
	for _, r := range name {
		// Marks that turn the direction of writing, and what ends a name early.
		if r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069' || r < ' ' {
			return "", false
		}
	}
	name = strings.TrimRight(name, ". \u00a0") // as Windows does
	return strings.ToLower(strings.TrimPrefix(path.Ext(strings.ReplaceAll(name, "\\", "/")), ".")), true
}

// named gives the type that an ending stands for, a marker for those of programs,
// archives and other documents, and nothing for what is no ending of a type
// ("Agreement v1.2").
func named(ending string) string {
	switch ending {
	case "pdf":
		return mediaPDF
	case "docx":
		return mediaDOCX
	case "md", "markdown":
		return mediaMarkdown
	case "txt", "text":
		return mediaPlain
	case "csv":
		return mediaCSV
	case "png":
		return mediaPNG
	case "jpg", "jpeg":
		return mediaJPEG
	case "exe", "com", "bat", "cmd", "scr", "pif", "cpl", "js", "jse", "vbs", "vbe", "wsf", "ps1", "msi", "jar", "dll", "lnk", "hta", "reg",
		"sh", "py", "app", "apk", "html", "htm", "mht", "xhtml", "xml", "svg", "json", "doc", "dot", "dotx", "rtf", "odt", "pages", "xls",
		"xlsx", "ppt", "pptx", "zip", "7z", "rar", "gz", "tgz", "tar", "bz2", "xz", "iso", "img", "vhd", "eml", "msg", "gif", "tif", "tiff",
		"bmp", "webp", "heic", "ics", "vcf", "url", "website", "one":
		return "application/x-not-taken"
	}
	return ""
}

func macroEnding(ending string) bool {
	return slices.Contains([]string{"docm", "dotm", "xlsm", "xltm", "xlam", "pptm", "potm", "ppam", "ppsm", "sldm", "xlsb"}, ending)
}

// declares gives the type that a sender declared, in our words; nothing where it
// says nothing, as many mail programs and browsers do.
func declares(declared string) string {
	media, _, err := mime.ParseMediaType(declared)
	if err != nil {
		media, _, _ = strings.Cut(strings.ToLower(strings.TrimSpace(declared)), ";")
	}
	switch strings.TrimSpace(media) {
	case "", "application/octet-stream", "binary/octet-stream", "application/x-download", "application/download", "application/force-download",
		"application/unknown", "application/x-unknown", "multipart/form-data":
		return ""
	case "application/pdf", "application/x-pdf", "application/acrobat", "text/pdf":
		return mediaPDF
	case mediaDOCX, "application/msword", "application/vnd.ms-word", "application/zip", "application/x-zip-compressed":
		// What mail programs call a .docx when they know no better.
		return mediaDOCX
	case "text/markdown", "text/x-markdown":
		return mediaMarkdown
	case "text/csv", "text/comma-separated-values", "application/csv", "application/vnd.ms-excel":
		return mediaCSV
	case "text/plain":
		return mediaPlain
	case "image/png", "image/x-png":
		return mediaPNG
	case "image/jpeg", "image/jpg", "image/pjpeg":
		return mediaJPEG
	}
	return media
}

// charsetOf gives the charset that was declared.
func charsetOf(declared string) string {
	_, params, err := mime.ParseMediaType(declared)
	if err != nil {
		return ""
	}
	return params["charset"]
}
