package papers

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"strings"
	"time"

	"gangway/internal/engagement"
)

// clamdChunk is how much is sent at a time; any size would do.
const clamdChunk = 64 << 10

// scan has bytes looked at by clamd's INSTREAM: chunks with their length before
// them, and one without length at the end; an answer up to a null. Whatever is not
// a clear "OK" within the time is no pass.
func scan(ctx context.Context, address string, patience time.Duration, raw []byte) error {
	err := ask(ctx, address, patience, raw)
	if err != nil && ctx.Err() != nil {
		return fmt.Errorf("having a document scanned: %w", ctx.Err())
	}
	return err
}

func ask(ctx context.Context, address string, patience time.Duration, raw []byte) error {
	ctx, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	network := "tcp"
	if strings.HasPrefix(address, "/") {
		network = "unix"
	}
	conn, err := (&net.Dialer{}).DialContext(ctx, network, address)
	if err != nil {
		return refuse(engagement.FaultUnscanned, "the scanner can't be reached")
	}
	defer func() { _ = conn.Close() }() // its answer is all that counts
	deadline, _ := ctx.Deadline()
	if err := conn.SetDeadline(deadline); err != nil {
		return refuse(engagement.FaultUnscanned, "the scanner's connection takes no deadline")
	}
	stop := context.AfterFunc(ctx, func() { _ = conn.SetDeadline(time.Unix(1, 0)) }) // the caller gave up
	defer stop()
	sendErr := stream(conn, raw)
	// What it answers while being sent to (it may end a stream that is too long)
	// says more than the failure to send.
	const longest = 4 << 10
	answer, err := io.ReadAll(io.LimitReader(conn, longest))
	said, whole := strings.CutSuffix(string(answer), "\x00")
	switch {
	case whole && strings.HasSuffix(said, " FOUND"):
		return refuse(engagement.FaultMalware, "the scanner knows it")
	case err != nil || sendErr != nil || !whole || said != "stream: OK":
		return refuse(engagement.FaultUnscanned, "the scanner gave no clear answer")
	}
	return nil
}

func stream(w io.Writer, raw []byte) error {
	if _, err := io.WriteString(w, "zINSTREAM\x00"); err != nil {
		return err
	}
	var size [4]byte
	for len(raw) > 0 {
		chunk := raw[:min(len(raw), clamdChunk)]
		raw = raw[len(chunk):]
		binary.BigEndian.PutUint32(size[:], uint32(len(chunk)))
		if _, err := (&net.Buffers{size[:], chunk}).WriteTo(w); err != nil {
			return err
		}
	}
	_, err := w.Write([]byte{0, 0, 0, 0})
	return err
}
