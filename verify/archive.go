package verify

import (
	"archive/zip"
	"bufio"
	"bytes"
	"fmt"
	"io"
)

// What the headers of a bundle's files have in common.
const (
	dataDescriptor = 0x8 // the flag of files whose sizes stand behind them
	version20      = 20
	version45      = 45 // of files of 4 GiB and more
	zip64          = 1<<32 - 1
)

// canonicalArchive refuses an archive in which a byte could be another: it is written again around the packed
// bytes, and must come out the same. So there is nothing before, between or behind the files, no comment and no extra
// field, both headers of a file agree, and all files have one date.
func canonicalArchive(in io.ReaderAt, size int64, archive *zip.Reader) error {
	same := &comparer{in: bufio.NewReaderSize(io.NewSectionReader(in, 0, size), 1<<16)}
	again, buf := zip.NewWriter(same), make([]byte, 1<<15)
	for i, f := range archive.File {
		if f.Flags != dataDescriptor || f.Method != zip.Deflate && f.Method != zip.Store {
			return fmt.Errorf("%.200q has the flags %x and is packed by method %d", f.Name, f.Flags, f.Method)
		}
		if err := copyRaw(again, f, archive.File[0], buf); err != nil {
			return fmt.Errorf("file %d, %.200q: %w", i+1, f.Name, err)
		}
	}
	if err := again.Close(); err != nil {
		return err
	}
	if same.at != size {
		return fmt.Errorf("%d bytes stand behind the archive", size-same.at)
	}
	return nil
}

func copyRaw(again *zip.Writer, f, first *zip.File, buf []byte) error {
	header := &zip.FileHeader{
		Name: f.Name, Method: f.Method, Flags: dataDescriptor, CreatorVersion: version20, ReaderVersion: version20,
		CRC32: f.CRC32, CompressedSize64: f.CompressedSize64, UncompressedSize64: f.UncompressedSize64,
		ModifiedDate: first.ModifiedDate, ModifiedTime: first.ModifiedTime, //nolint:staticcheck // the fields as they stand in the archive
	}
	raw, err := f.OpenRaw()
	if err != nil {
		return err
	}
	w, err := again.CreateRaw(header)
	if err != nil {
		return err
	}
	if f.CompressedSize64 >= zip64 || f.UncompressedSize64 >= zip64 {
		header.ReaderVersion = version45 // in the directory, not before the file
	}
	_, err = io.CopyBuffer(w, raw, buf)
	return err
}

// comparer takes what is written and holds it against what is there.
type comparer struct {
	in  *bufio.Reader
	at  int64
	buf []byte
}

func (c *comparer) Write(p []byte) (int, error) {
	if len(c.buf) < len(p) {
		c.buf = make([]byte, len(p))
	}
	there := c.buf[:len(p)]
	if _, err := io.ReadFull(c.in, there); err != nil {
		return 0, fmt.Errorf("the archive ends early: %w", err)
	}
	if !bytes.Equal(there, p) {
		return 0, fmt.Errorf("near byte %d the archive is not in its one form", c.at)
	}
	c.at += int64(len(p))
	return len(p), nil
}
