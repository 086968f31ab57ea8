package deployment

import (
	"archive/zip"
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"unicode/utf8"
)

// MaxFile is the largest file of manual evidence, in bytes (Audit Manager, "Supported file formats": 100 MB).
const MaxFile = 100 << 20

// A format is what a file of an extension must look like.
type format struct {
	extensions []string
	// media is recorded. What a browser would run or load things for is recorded as text.
	media string
	// starts are what such a file begins with; none: it is text.
	starts []string
	// inside is a name that the archive of such a file holds, or the beginning of one.
	inside string
	// more is looked for in the first bytes, after starts; nil looks for nothing.
	more func(head []byte) bool
}

const (
	plainText = "text/plain; charset=utf-8"
	oleStart  = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
	zipStart  = "PK\x03\x04"
	office    = "application/vnd.openxmlformats-officedocument."
)

// formats of manual evidence: those of Audit Manager (user guide, "Uploading manual evidence").
var formats = []format{
	{extensions: []string{".gz"}, media: "application/gzip", starts: []string{"\x1f\x8b\x08"}},
	{extensions: []string{".zip"}, media: "application/zip", starts: []string{zipStart, "PK\x05\x06"}},
	{extensions: []string{".docx"}, media: office + "wordprocessingml.document", starts: []string{zipStart}, inside: "word/"},
	{extensions: []string{".pptx"}, media: office + "presentationml.presentation", starts: []string{zipStart}, inside: "ppt/"},
	{extensions: []string{".xlsx"}, media: office + "spreadsheetml.sheet", starts: []string{zipStart}, inside: "xl/"},
	{extensions: []string{".doc"}, media: "application/msword", starts: []string{oleStart}},
	{extensions: []string{".ppt"}, media: "application/vnd.ms-powerpoint", starts: []string{oleStart}},
	{extensions: []string{".xls"}, media: "application/vnd.ms-excel", starts: []string{oleStart}},
	{extensions: []string{".pdf"}, media: "application/pdf", starts: []string{"%PDF-"}},
	{extensions: []string{".jpeg", ".jpg"}, media: "image/jpeg", starts: []string{"\xff\xd8\xff"}},
	{extensions: []string{".png"}, media: "image/png", starts: []string{"\x89PNG\r\n\x1a\n"}},
	{extensions: []string{".cer"}, media: "application/pkix-cert", starts: []string{"-----BEGIN CERTIFICATE-----", "\x30\x82", "\x30\x81"}},
	{extensions: []string{".rtf"}, media: "application/rtf", starts: []string{`{\rtf`}},
	{extensions: []string{".svg"}, media: plainText, more: contains("<svg")},
	{extensions: []string{".html"}, media: plainText, more: contains("<")},
	{extensions: []string{".xml", ".jmx"}, media: plainText, more: startsText("<")},
	{extensions: []string{".json"}, media: "application/json", more: startsText("{", "[", `"`, "-", "0123456789", "t", "f", "n")},
	{extensions: []string{".csv"}, media: "text/csv; charset=utf-8"},
	{extensions: []string{".md", ".out", ".txt", ".yaml", ".yml"}, media: plainText},
}

func contains(text string) func([]byte) bool {
	return func(head []byte) bool { return bytes.Contains(bytes.ToLower(head), []byte(text)) }
}

// startsText reports whether the first character that is no space is one of those that begin the texts.
func startsText(texts ...string) func([]byte) bool {
	first := strings.Join(texts, "")
	return func(head []byte) bool {
		head = bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
		return len(head) > 0 && strings.IndexByte(first, head[0]) >= 0
	}
}

// Extensions lists those of the files that are taken.
func Extensions() []string {
	var out []string
	for _, f := range formats {
		out = append(out, f.extensions...)
	}
	slices.Sort(out)
	return out
}

// sniffed is how much of a file is looked at to tell what it is.
const sniffed = 64 << 10

// MediaType holds a file against its extension and returns the media type to record. The content of an
// archive or an image is not interpreted further.
func MediaType(path string) (media string, err error) {
	extension := strings.ToLower(filepath.Ext(path))
	i := slices.IndexFunc(formats, func(f format) bool { return slices.Contains(f.extensions, extension) })
	if i < 0 {
		return "", fmt.Errorf("file %s: files of type %q are not taken; these are: %s", path, extension, strings.Join(Extensions(), " "))
	}
	info, err := os.Stat(path) // before it is opened: to open a pipe waits for somebody to write
	switch {
	case err != nil:
		return "", fmt.Errorf("evidence: %w", err)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("file %s: it is no regular file", path)
	case info.Size() == 0:
		return "", fmt.Errorf("file %s: it is empty", path)
	case info.Size() > MaxFile:
		return "", fmt.Errorf("file %s: %d bytes, more than %d MB", path, info.Size(), MaxFile>>20)
	}
	f, err := os.Open(path)
	if err != nil {
		return "", fmt.Errorf("evidence: %w", err)
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	if err := formats[i].check(f, info.Size()); err != nil {
		return "", fmt.Errorf("file %s: its content is not that of a %s file: %w", path, extension, err)
	}
	return formats[i].media, nil
}

// check looks at the content of a file.
func (f *format) check(file *os.File, size int64) error {
	head := make([]byte, min(size, sniffed))
	if _, err := io.ReadFull(file, head); err != nil {
		return err
	}
	if len(f.starts) > 0 {
		if !slices.ContainsFunc(f.starts, func(s string) bool { return bytes.HasPrefix(head, []byte(s)) }) {
			return errors.New("it begins otherwise")
		}
		if f.inside != "" {
			return holds(file, size, f.inside)
		}
		return nil
	}
	if err := isText(io.MultiReader(bytes.NewReader(head), file)); err != nil {
		return err
	}
	if f.more != nil && !f.more(head) {
		return errors.New("it does not look like one")
	}
	if f.media == "application/json" {
		return isJSON(file)
	}
	return nil
}

// holds looks for a name in an archive.
func holds(file io.ReaderAt, size int64, inside string) error {
	archive, err := zip.NewReader(file, size)
	if err != nil {
		return err
	}
	for _, f := range archive.File {
		if strings.HasPrefix(f.Name, inside) {
			return nil
		}
	}
	return fmt.Errorf("the archive holds no %s", inside)
}

// isText refuses what is not UTF-8 or has characters that no text has.
func isText(r io.Reader) error {
	buffer := make([]byte, 0, 64<<10)
	for {
		n, err := r.Read(buffer[len(buffer):cap(buffer)])
		buffer = buffer[:len(buffer)+n]
		done := errors.Is(err, io.EOF)
		if err != nil && !done {
			return err
		}
		rest := buffer
		for len(rest) > 0 && (done || utf8.FullRune(rest)) {
			c, size := utf8.DecodeRune(rest)
			if c == utf8.RuneError && size == 1 || c < ' ' && !strings.ContainsRune("\t\n\r\f\x1b", c) {
				return errors.New("it is not text in UTF-8")
			}
			rest = rest[size:]
		}
		if done {
			return nil
		}
		buffer = append(buffer[:0], rest...)
	}
}

// maxDepth is how deep JSON may be nested, as encoding/json has it: the decoder keeps a place for each level.
const maxDepth = 10_000

func isJSON(file io.ReadSeeker) error {
	if _, err := file.Seek(0, io.SeekStart); err != nil {
		return err
	}
	d := json.NewDecoder(file)
	for depth := 0; ; {
		token, err := d.Token()
		if errors.Is(err, io.EOF) && depth == 0 {
			return nil
		}
		if err != nil {
			return err
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			if depth++; depth > maxDepth {
				return fmt.Errorf("it is nested deeper than %d levels", maxDepth)
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
		}
	}
}
