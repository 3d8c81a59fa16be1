package payload

import (
	"bytes"
	"compress/flate"
	"fmt"
	"io"
	"sync"

	"go.temporal.io/api/common/v1"
	"go.temporal.io/sdk/converter"
)

const (
	// Encoding names the packing in a payload's metadata: JSON, deflated (RFC
	// 1951) with the first list of words. It is a storage format: another list of
	// words needs another name, and this one stays readable.
	Encoding = "json/gw1"
	plain    = converter.MetadataEncodingJSON
	// least is the size in bytes under which packing saves nothing worth hiding
	// the text from the engine's own pages.
	least = 64
	// most bounds what is unpacked. The engine takes two MiB packed.
	most = 64 << 20
)

// Converter is how gangway's payloads are written and read.
func Converter() converter.DataConverter {
	return converter.NewCodecDataConverter(converter.GetDefaultDataConverter(), newPacker())
}

// packer is a payload codec. Its writers and readers are kept: one writer takes
// over a megabyte to make, a reader 40 kB.
type packer struct {
	dictionary       []byte
	writers, readers *sync.Pool
}

func newPacker() packer {
	dictionary := []byte(words1)
	return packer{
		dictionary: dictionary,
		writers: &sync.Pool{New: func() any {
			w, err := flate.NewWriterDict(io.Discard, flate.BestCompression, dictionary)
			if err != nil { // the level is a constant
				panic(err)
			}
			return w
		}},
		readers: &sync.Pool{New: func() any { return flate.NewReaderDict(bytes.NewReader(nil), dictionary) }},
	}
}

// Encode packs payloads of plain JSON that become smaller; all others stay.
func (p packer) Encode(all []*common.Payload) ([]*common.Payload, error) {
	packed := make([]*common.Payload, len(all))
	for i, one := range all {
		packed[i] = one
		if len(one.GetMetadata()) != 1 || string(one.GetMetadata()[converter.MetadataEncoding]) != plain || len(one.GetData()) < least {
			continue
		}
		data, err := p.deflate(one.GetData())
		if err != nil {
			return nil, fmt.Errorf("packing a payload: %w", err)
		}
		if len(data) < len(one.GetData()) {
			packed[i] = &common.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(Encoding)}, Data: data}
		}
	}
	return packed, nil
}

// Decode unpacks what Encode packed and leaves everything else as it is.
func (p packer) Decode(all []*common.Payload) ([]*common.Payload, error) {
	unpacked := make([]*common.Payload, len(all))
	for i, one := range all {
		unpacked[i] = one
		if string(one.GetMetadata()[converter.MetadataEncoding]) != Encoding {
			continue
		}
		data, err := p.inflate(one.GetData())
		if err != nil {
			return nil, fmt.Errorf("unpacking a payload: %w", err)
		}
		unpacked[i] = &common.Payload{Metadata: map[string][]byte{converter.MetadataEncoding: []byte(plain)}, Data: data}
	}
	return unpacked, nil
}

func (p packer) deflate(data []byte) ([]byte, error) {
	w := p.writers.Get().(*flate.Writer)
	defer p.writers.Put(w)
	var b bytes.Buffer
	w.Reset(&b)
	_, err := w.Write(data)
	if err == nil {
		err = w.Close()
	}
	if err != nil {
		return nil, fmt.Errorf("deflating: %w", err)
	}
	return b.Bytes(), nil
}

func (p packer) inflate(data []byte) ([]byte, error) {
	r := p.readers.Get().(io.Reader)
	defer p.readers.Put(r)
	err := r.(flate.Resetter).Reset(bytes.NewReader(data), p.dictionary)
	if err != nil {
		return nil, fmt.Errorf("preparing to inflate: %w", err)
	}
	text, err := io.ReadAll(io.LimitReader(r, most+1))
	if err != nil {
		return nil, fmt.Errorf("inflating: %w", err)
	}
	if len(text) > most {
		return nil, fmt.Errorf("inflating: more than %d bytes", most)
	}
	return text, nil
}
