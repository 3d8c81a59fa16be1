package papers

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/charmap"
	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/unicode"

	"gangway/internal/engagement"
)

// readPlain reads text: UTF-8 where it is, else by its byte order mark, by what
// was declared, and last by trying.
func readPlain(raw []byte, charset string) (*found, error) {
	text, err := decode(raw, charset)
	if err != nil {
		return nil, err
	}
	if strings.ContainsRune(text, 0) {
		return nil, refuse(engagement.FaultBroken, "null characters in text")
	}
	if strings.HasPrefix(text, `{\rtf`) {
		return nil, refuse(engagement.FaultType, "rich text")
	}
	return &found{text: text}, nil
}

func decode(raw []byte, charset string) (string, error) {
	switch {
	case bytes.HasPrefix(raw, []byte{0xff, 0xfe}), bytes.HasPrefix(raw, []byte{0xfe, 0xff}):
		return decoded(unicode.UTF16(unicode.LittleEndian, unicode.ExpectBOM), raw)
	case utf8.Valid(raw) && bytes.IndexByte(raw, 0) < 0:
		return string(raw), nil
	}
	if order, ok := unmarkedUTF16(raw); ok {
		return decoded(unicode.UTF16(order, unicode.IgnoreBOM), raw)
	}
	if e, err := htmlindex.Get(charset); charset != "" && err == nil {
		if name, _ := htmlindex.Name(e); name != "utf-8" && name != "replacement" {
			return decoded(e, raw)
		}
	}
	return guessed(raw)
}

// guessed reads bytes in the eight-bit charset that gives the better text: the
// western one of Windows, or the one of central Europe.
func guessed(raw []byte) (string, error) {
	west, err := decoded(charmap.Windows1252, raw)
	if err != nil {
		return "", err
	}
	east, err := decoded(charmap.Windows1250, raw)
	if err != nil {
		return "", err
	}
	westward, _ := stopwordRatio(west)
	eastward, _ := stopwordRatio(east)
	if eastward > westward {
		return east, nil
	}
	return west, nil
}

func decoded(e encoding.Encoding, raw []byte) (string, error) {
	out, err := e.NewDecoder().Bytes(raw)
	if err != nil {
		return "", refuse(engagement.FaultBroken, "text that is not in its charset")
	}
	return string(out), nil
}

// unmarkedUTF16 tells UTF-16 without its mark by the zeros in every other byte of
// western text.
func unmarkedUTF16(raw []byte) (unicode.Endianness, bool) {
	head := raw[:min(len(raw), 4096)&^1]
	var zeros [2]int
	for i, b := range head {
		if b == 0 {
			zeros[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case len(raw)%2 != 0 || half == 0:
	case zeros[1] > half*7/10 && zeros[0] == 0:
		return unicode.LittleEndian, true
	case zeros[0] > half*7/10 && zeros[1] == 0:
		return unicode.BigEndian, true
	}
	return unicode.LittleEndian, false
}
