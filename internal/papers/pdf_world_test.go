package papers

import (
	"bytes"
	"compress/zlib"
	"crypto/md5"
	"crypto/rc4"
	"encoding/binary"
	"fmt"
	"os"
	"os/exec"
	"strings"
	"testing"
)

// TestMain lets the test binary read PDFs aside, as the programs do.
func TestMain(m *testing.M) {
	if code, aside := ReadAside(os.Args); aside {
		os.Exit(code)
	}
	os.Exit(m.Run())
}

// itself is the test binary, for Options.Aside.
func itself(t testing.TB) []string {
	t.Helper()
	path, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return []string{path}
}

// poppler finds pdftotext, which not every machine has.
func poppler(t testing.TB) string {
	t.Helper()
	path, err := exec.LookPath("pdftotext")
	if err != nil {
		if os.Getenv("GANGWAY_REQUIRE") != "" {
			t.Fatalf("looking for pdftotext: %v", err)
		}
		t.Skip("pdftotext is not installed (GANGWAY_REQUIRE=1 makes this a failure)")
	}
	return path
}

// pdfFile is a PDF as the tests write it: lines of text on pages, in one font.
type pdfFile struct {
	pages    [][]string // lines; leading blanks indent
	extra    []string   // objects besides, by number from 100 on
	catalog  string     // entries of the catalogue
	unicode  string     // what the font's ToUnicode maps to; empty: it has none
	password *string    // of the user; the owner's is "owner"
	packed   bool       // the streams are deflated
	size     int        // what the trailer says; 0: the truth
}

func (f pdfFile) bytes(t testing.TB) []byte {
	t.Helper()
	objects := map[int]string{1: "<</Type/Catalog/Pages 2 0 R" + f.catalog + ">>"}
	font := "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/FirstChar 32/LastChar 126/Widths[" + strings.Repeat("500 ", 95) + "]"
	streams := map[int]string{}
	if f.unicode != "" {
		font += "/ToUnicode 4 0 R"
		streams[4] = f.unicode
	} else {
		font += "/Encoding/WinAnsiEncoding"
	}
	objects[3] = font + ">>"
	var kids strings.Builder
	for i, lines := range f.pages {
		page, content := 10+2*i, 11+2*i
		fmt.Fprintf(&kids, "%d 0 R ", page)
		objects[page] = fmt.Sprintf("<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Resources<</Font<</F1 3 0 R>>>>/Contents %d 0 R>>", content)
		streams[content] = drawn(lines)
	}
	objects[2] = fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(f.pages), kids.String())
	for i, o := range f.extra {
		objects[100+i] = o
	}
	return f.assemble(t, objects, streams)
}

// drawn is the content stream of lines of text.
func drawn(lines []string) string {
	var b strings.Builder
	y := 800
	for _, line := range lines {
		text := strings.TrimLeft(line, " ")
		if text != "" {
			fmt.Fprintf(&b, "BT /F1 10 Tf 1 0 0 1 %d %d Tm (%s) Tj ET\n", 50+5*(len(line)-len(text)), y, strings.NewReplacer(`\`, `\\`, "(", `\(`, ")", `\)`).Replace(text))
		}
		y -= 12
	}
	return b.String()
}

func (f pdfFile) assemble(t testing.TB, objects, streams map[int]string) []byte {
	t.Helper()
	id := "0123456789abcdef"
	var key []byte
	trailer := "/Root 1 0 R/ID[<" + fmt.Sprintf("%x", id) + "><" + fmt.Sprintf("%x", id) + ">]"
	if f.password != nil {
		var o, u []byte
		key, o, u = locked(*f.password, id)
		objects[5] = fmt.Sprintf("<</Filter/Standard/V 1/R 2/P -4/O<%x>/U<%x>>>", o, u)
		trailer += "/Encrypt 5 0 R"
	}
	var b bytes.Buffer
	b.WriteString("%PDF-1.4\n%\xe2\xe3\xcf\xd3\n")
	at := map[int]int{}
	top := 0
	for n := 1; n < 1000; n++ {
		object, ok := objects[n]
		stream, has := streams[n]
		if !ok && !has {
			continue
		}
		at[n], top = b.Len(), n
		if has {
			dict := ""
			if f.packed {
				var z bytes.Buffer
				w := zlib.NewWriter(&z)
				if _, err := w.Write([]byte(stream)); err != nil {
					t.Fatal(err)
				}
				if err := w.Close(); err != nil {
					t.Fatal(err)
				}
				stream, dict = z.String(), "/Filter/FlateDecode"
			}
			if key != nil {
				stream = crypted(t, key, n, stream)
			}
			object = fmt.Sprintf("<</Length %d%s>>\nstream\n%s\nendstream", len(stream), dict, stream)
		}
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", n, object)
	}
	size := f.size
	if size == 0 {
		size = top + 1
	}
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", top+1)
	for n := 1; n <= top; n++ {
		if at[n] == 0 {
			b.WriteString("0000000000 65535 f \n")
			continue
		}
		fmt.Fprintf(&b, "%010d 00000 n \n", at[n])
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n", size, trailer, start)
	return b.Bytes()
}

// locked makes the key of a PDF and what proves it, with RC4 of 40 bits
// (ISO 32000-1, 7.6.3).
func locked(user, id string) (key, o, u []byte) {
	const pad = "\x28\xbf\x4e\x5e\x4e\x75\x8a\x41\x64\x00\x4e\x56\xff\xfa\x01\x08\x2e\x2e\x00\xb6\xd0\x68\x3e\x80\x2f\x0c\xa9\xfe\x64\x53\x69\x7a"
	padded := func(s string) []byte { return []byte((s + pad)[:32]) }
	owner := md5.Sum(padded("owner"))
	o = make([]byte, 32)
	c, _ := rc4.NewCipher(owner[:5])
	c.XORKeyStream(o, padded(user))
	p := int32(-4)
	sum := md5.Sum([]byte(string(padded(user)) + string(o) + string(binary.LittleEndian.AppendUint32(nil, uint32(p))) + id))
	key = sum[:5]
	u = make([]byte, 32)
	c, _ = rc4.NewCipher(key)
	c.XORKeyStream(u, []byte(pad))
	return key, o, u
}

func crypted(t testing.TB, key []byte, object int, data string) string {
	t.Helper()
	sum := md5.Sum(append(append([]byte{}, key...), byte(object), byte(object>>8), byte(object>>16), 0, 0))
	c, err := rc4.NewCipher(sum[:len(key)+5])
	if err != nil {
		t.Fatal(err)
	}
	out := make([]byte, len(data))
	c.XORKeyStream(out, []byte(data))
	return string(out)
}

// brokenMap is a ToUnicode map that maps every letter to some other character, as
// fonts do that were cut down badly.
func brokenMap() string {
	return "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapName /X def 1 begincodespacerange <00> <ff> endcodespacerange 1 beginbfrange <20> <7e> <0391> endbfrange endcmap end end"
}

// prose is text of so many words, wrapped, that reads like a contract.
func prose(n int) []string {
	all := strings.Fields(strings.Repeat("The provider will keep the data of the customer in a safe place and will not give it to any other party unless this agreement or the law says so. ", n/28+1))[:n]
	var lines []string
	for len(all) > 0 {
		k := min(14, len(all))
		lines = append(lines, strings.Join(all[:k], " "))
		all = all[k:]
	}
	return lines
}
