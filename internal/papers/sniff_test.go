package papers

import (
	"archive/zip"
	"bytes"
	"hash/crc32"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/unicode"
	"golang.org/x/text/unicode/norm"

	"gangway/internal/engagement"
)

const (
	png  = "\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01"
	jpeg = "\xff\xd8\xff\xe0\x00\x10JFIF\x00"
	ole  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
)

// What is taken, as what, and what is refused for being something else.
func TestSniff(t *testing.T) {
	t.Parallel()
	word := string(wordFile{body: p("", r("", "Text."))}.bytes(t))
	pdf := string(pdfFile{pages: [][]string{prose(60)}}.bytes(t))
	old := ole + strings.Repeat("\x00", 600)
	for _, c := range []struct {
		name, declared, raw string
		media               string
		fault               engagement.ReadingFault
	}{
		{"DPA.pdf", "application/pdf", pdf, mediaPDF, ""},
		{"DPA.PDF", "application/octet-stream", pdf, mediaPDF, ""},
		{"", "", pdf, mediaPDF, ""},
		{"Agreement v1.2", "", pdf, mediaPDF, ""},
		{"DPA.docx", "application/msword", word, mediaDOCX, ""},
		{"DPA.docx", mediaDOCX + "; name=DPA.docx", word, mediaDOCX, ""},
		{"dpa.md", "text/plain; charset=utf-8", "# DPA\n\n1. Text.\n", mediaMarkdown, ""},
		{"dpa.md", "", "<p>Markdown with elements</p>\n", mediaMarkdown, ""},
		{"dpa.txt", "text/plain", "1. Text.\n", mediaPlain, ""},
		{"list.csv", "application/vnd.ms-excel", "a,b\n1,2\n", mediaCSV, ""},
		{"page.png", "image/png", png, mediaPNG, ""},
		{"page.jpg", "image/jpg", jpeg, mediaJPEG, ""},

		{"DPA.pdf", "application/pdf", word, mediaDOCX, engagement.FaultMismatch},
		{"DPA.docx", "", pdf, mediaPDF, engagement.FaultMismatch},
		{"DPA.pdf", "image/png", pdf, mediaPDF, engagement.FaultMismatch},
		{"DPA.pdf", "", "just text", mediaPlain, engagement.FaultMismatch},
		{"invoice.pdf.exe", "", pdf, mediaPDF, engagement.FaultMismatch},
		{"invoice.exe ", "", pdf, mediaPDF, engagement.FaultMismatch},
		{"exe.\u202efdp.exe", "", pdf, "application/octet-stream", engagement.FaultMismatch},
		{"DPA.pdf", "", "MZ\x90\x00\x03\x00\x00\x00\x04\x00\x00\x00\xff\xff", "application/vnd.microsoft.portable-executable", engagement.FaultMismatch},
		{"dpa.txt", "", "<!DOCTYPE html><html><body>Text</body></html>", "text/html", engagement.FaultMismatch},
		{"dpa.md", "", "<script>x</script>", "text/html", engagement.FaultMismatch},
		{"dpa.txt", "", "{\\rtf1 Text}", "text/rtf", engagement.FaultMismatch},

		{"dpa.html", "text/html", "<!DOCTYPE html><html><body>Text</body></html>", "text/html", engagement.FaultType},
		{"dpa.doc", "application/msword", old, "application/x-ole-storage", engagement.FaultType},
		{"dpa.doc", "", old + string(wide("_VBA_PROJECT")), "application/x-ole-storage", engagement.FaultMacros},
		{"dpa.docx", "", old + string(wide("EncryptedPackage")), "application/x-ole-storage", engagement.FaultEncrypted},
		{"dpa.docm", "", word, mediaDOCX, engagement.FaultMacros},
		{"all.zip", "", string(zipped(t, [2]string{"a.txt", "x"})), "application/zip", engagement.FaultType},
		{"all.gz", "", "\x1f\x8b\x08\x00\x00\x00\x00\x00", "application/gzip", engagement.FaultType},
		{"run", "", "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00", "application/x-executable", engagement.FaultType},
		{"page.gif", "", "GIF89a\x01\x00\x01\x00", "image/gif", engagement.FaultType},
		{"empty.pdf", "", "", "", engagement.FaultEmpty},
	} {
		reading, _, err := New(Options{}).Read(t.Context(), c.name, c.declared, []byte(c.raw))
		if err != nil || reading.Media != c.media || reading.Fault != c.fault {
			t.Errorf("%q, %q: %q, fault %q, %v; want %q, %q", c.name, c.declared, reading.Media, reading.Fault, err, c.media, c.fault)
		}
	}
}

func TestTooLarge(t *testing.T) {
	t.Parallel()
	reader := New(Options{MaxSize: 100})
	for n, want := range map[int]engagement.ReadingFault{100: "", 101: engagement.FaultTooLarge} {
		reading, _, err := reader.Read(t.Context(), "a.txt", "", bytes.Repeat([]byte("a"), n))
		if err != nil || reading.Fault != want || reading.Size != int64(n) {
			t.Errorf("%d bytes: %+v, %v", n, reading, err)
		}
	}
	if reading, _, err := New(Options{}).Read(t.Context(), "a.txt", "", bytes.Repeat([]byte("a "), MaxSize/2+1)); err != nil || reading.Fault != engagement.FaultTooLarge {
		t.Errorf("%+v, %v", reading.Fault, err)
	}
}

// A picture is evidence that nobody can read out of it.
func TestPicture(t *testing.T) {
	t.Parallel()
	reading, text, err := New(Options{}).Read(t.Context(), "a.png", "", []byte(png))
	if err != nil || reading.Fault != "" || len(reading.Flags) != 1 || reading.Flags[0] != engagement.FlagUnreadable || text != nil || reading.Text != "" || Legible(reading) {
		t.Errorf("%+v, %q, %v", reading, text, err)
	}
}

// Text comes in many charsets and is kept in one form.
func TestPlainText(t *testing.T) {
	t.Parallel()
	utf16 := func(e unicode.Endianness, bom unicode.BOMPolicy, s string) []byte {
		out, err := unicode.UTF16(e, bom).NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	eight := func(c *charmap.Charmap, s string) []byte {
		out, err := c.NewEncoder().Bytes([]byte(s))
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	german, polish := "Die Vergütung für die Prüfung beträgt 100 €.\n", "Umowa jest zawarta na czas określony, że się nie zmieni, przez strony są uzgodnione i będą.\n"
	for _, c := range []struct {
		name, declared string
		raw            []byte
		want           string
	}{
		{"as it is kept", "", []byte(german), german},
		{"line ends", "", []byte("a\r\nb\rc\n"), "a\nb\nc\n"},
		{"a mark before it", "", []byte("\ufeffa\n"), "a\n"},
		{"apart from its accent", "", []byte("Vergu\u0308tung\n"), "Vergütung\n"},
		{"UTF-16 with its mark", "", utf16(unicode.LittleEndian, unicode.UseBOM, german), german},
		{"the other way round", "", utf16(unicode.BigEndian, unicode.UseBOM, german), german},
		{"without its mark", "", utf16(unicode.LittleEndian, unicode.IgnoreBOM, german), german},
		{"western", "", eight(charmap.Windows1252, german), german},
		{"central European", "", eight(charmap.Windows1250, polish), polish},
		{"as declared", "text/plain; charset=iso-8859-2", eight(charmap.ISO8859_2, polish), polish},
		{"as declared, wrongly", "text/plain; charset=utf-8", eight(charmap.Windows1252, german), german},
	} {
		reading, text, err := New(Options{}).Read(t.Context(), "a.txt", c.declared, c.raw)
		if err != nil || reading.Fault != "" || reading.Words == 0 {
			t.Errorf("%s: %+v, %v", c.name, reading, err)
			continue
		}
		if own := string(c.raw) == c.want; own != (reading.Text == "") || own != (text == nil) {
			t.Errorf("%s: text %q, %q", c.name, reading.Text, text)
		} else if !own && string(text) != c.want {
			t.Errorf("%s: %q, want %q", c.name, text, c.want)
		}
	}
}

// A lie about sizes in a zip file is no way around the bounds.
func TestUnpackBelievesNoSize(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	z := zip.NewWriter(&b)
	data := []byte("stored, and longer than it says")
	w, err := z.CreateRaw(&zip.FileHeader{Name: "a", Method: zip.Store, CRC32: crc32.ChecksumIEEE(data), CompressedSize64: uint64(len(data)), UncompressedSize64: 3})
	if err == nil {
		_, err = w.Write(data)
	}
	if err == nil {
		err = z.Close()
	}
	if err != nil {
		t.Fatal(err)
	}
	members, err := unpack(t.Context(), b.Bytes())
	if err == nil && len(members["a"]) > 3 {
		t.Errorf("unpacked %q", members["a"])
	}
	// Many members that are small each and huge together.
	var many [][2]string
	for i := range 120 {
		many = append(many, [2]string{numeral(i+1, "decimal"), strings.Repeat("ab\x00c", 230_000)})
	}
	if _, err := unpack(t.Context(), zipped(t, many...)); err == nil || err.(refused).fault != engagement.FaultBomb {
		t.Errorf("110 MB in small members: %v", err)
	}
}

// A member that is locked locks the document (APPNOTE 4.4.4, bit 0).
func TestUnpackLockedMember(t *testing.T) {
	t.Parallel()
	raw := wordFile{body: p("", r("", "Text."))}.bytes(t)
	central := bytes.Index(raw, []byte("PK\x01\x02"))
	raw[central+8] |= 1
	reading, _, err := New(Options{}).Read(t.Context(), "a.docx", "", raw)
	if err != nil || reading.Fault != engagement.FaultEncrypted {
		t.Errorf("fault %q, %v", reading.Fault, err)
	}
}

// Text as it is kept: valid, composed, and such that Split takes it.
func FuzzTidy(f *testing.F) {
	f.Add("a\r\nb\x00\ufeff")
	f.Add("u\u0308\x85\u2028\xff")
	f.Fuzz(func(t *testing.T, text string) {
		got := tidy(text)
		if !utf8.ValidString(got) || !norm.NFC.IsNormalString(got) || strings.ContainsAny(got, "\r\x00\f\x7f") {
			t.Errorf("%q became %q", text, got)
		}
		if again := tidy(got); again != got && !strings.HasPrefix(got, "\ufeff") {
			t.Errorf("%q became %q and then %q", text, got, again)
		}
	})
}

// Whatever the bytes are, the answer is one of ours and the bytes are not run.
func FuzzSniff(f *testing.F) {
	for _, raw := range []string{png, jpeg, ole, "%PDF-1.4", "PK\x03\x04", "text", "<p>"} {
		f.Add("a.pdf", "application/pdf", []byte(raw))
		f.Add("a.txt\u202e", "text/plain; charset=", []byte(raw))
	}
	f.Fuzz(func(t *testing.T, name, declared string, raw []byte) {
		media, err := sniff(name, declared, raw)
		if media == "" || err == nil && !taken(media) {
			t.Errorf("%q, %q: %q, %v", name, declared, media, err)
		}
		if err == nil && macroEnding(strings.ToLower(name[strings.LastIndexByte(name, '.')+1:])) {
			t.Errorf("%q was taken", name)
		}
	})
}

// A Word document of any content: read or refused, never a panic, and what was
// read can be split.
func FuzzDOCX(f *testing.F) {
	f.Add(`<w:p><w:r><w:t>Text</w:t></w:r></w:p>`, numbers(1, "decimal %1.")+uses(1), `<w:style w:styleId="A"><w:basedOn w:val="A"/></w:style>`)
	f.Add(item(1, 9, `<w:r><w:fldChar w:fldCharType="end"/></w:r>`)+`<w:tbl><w:tr><w:tc/></w:tr></w:tbl>`, numbers(1, "upperRoman %9", "bullet %2")+uses(1), "")
	f.Add(p(`<w:rPr><w:del/></w:rPr>`, `<w:del>`, `</w:del>`, r("<w:vanish/>", "a_b*c<d>&amp;")), `<w:num w:numId="1"><w:abstractNumId w:val="1"/><w:lvlOverride w:ilvl="12"><w:startOverride w:val="-5"/></w:lvlOverride></w:num>`, "")
	f.Fuzz(func(t *testing.T, body, numbering, styles string) {
		reading, text, err := New(Options{}).Read(t.Context(), "a.docx", "", wordFile{body: body, numbering: numbering, styles: styles}.bytes(t))
		if err != nil {
			t.Fatal(err)
		}
		if reading.Fault != "" && text != nil || reading.Fault == "" && !utf8.Valid(text) {
			t.Errorf("fault %q with text %q", reading.Fault, text)
		}
		if len(text) > 0 {
			if _, err := engagement.Split(text); err != nil && !strings.Contains(err.Error(), "empty") && !strings.Contains(err.Error(), "more than") {
				t.Errorf("splitting %q: %v", text, err)
			}
		}
	})
}

// Any bytes as a zip file.
func FuzzUnpack(f *testing.F) {
	f.Add(wordFile{body: p("", r("", "Text."))}.bytes(f))
	f.Add([]byte("PK\x05\x06" + strings.Repeat("\x00", 18)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		members, err := unpack(t.Context(), raw)
		total := 0
		for _, data := range members {
			total += len(data)
		}
		if err == nil && total > maxUnpacked {
			t.Errorf("unpacked %d bytes", total)
		}
	})
}

// Any bytes as a PDF: our own reader recovers, and looking finds its end.
func FuzzPDF(f *testing.F) {
	f.Add(pdfFile{pages: [][]string{prose(60)}}.bytes(f))
	f.Add([]byte("%PDF-1.4\n1 0 obj stream endstream"))
	f.Fuzz(func(t *testing.T, raw []byte) {
		lookAtPDF(raw)
		joinPages(strings.Split(tidy(string(raw)), "\n\n"))
	})
}
