package sqlstore

import (
	"context"
	"database/sql"
	"fmt"
	"iter"
	"time"

	"github.com/assize-dev/assize/assessment"
	"github.com/assize-dev/assize/evidence"
)

const locations = `SELECT digest, segment, "offset", length, size FROM blob`

func (s *Store) located(ctx context.Context, query string, args []any, add func(assessment.BlobLocation)) error {
	return s.rows(ctx, query, args, func(rows *sql.Rows) error {
		var l assessment.BlobLocation
		var digest []byte
		if err := rows.Scan(&digest, &l.Segment, &l.Offset, &l.Length, &l.Size); err != nil {
			return err
		}
		var err error
		l.Digest, err = digestOf(digest)
		add(l)
		return err
	})
}

// Locate says where bodies lie.
func (s *Store) Locate(ctx context.Context, digests []evidence.Digest) (map[evidence.Digest]assessment.BlobLocation, error) {
	out := make(map[evidence.Digest]assessment.BlobLocation, len(digests))
	for len(digests) > 0 {
		some := digests[:min(len(digests), page)]
		digests = digests[len(some):]
		args := make([]any, len(some))
		query := locations + " WHERE digest IN (?"
		for i := range some {
			args[i] = some[i][:]
			if i > 0 {
				query += ", ?"
			}
		}
		if err := s.located(ctx, query+")", args, func(l assessment.BlobLocation) { out[l.Digest] = l }); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// Segment lists the bodies of a segment, in their order.
func (s *Store) Segment(ctx context.Context, name string) ([]assessment.BlobLocation, error) {
	var list []assessment.BlobLocation
	err := s.located(ctx, locations+` WHERE segment = ? ORDER BY "offset"`, []any{name}, func(l assessment.BlobLocation) { list = append(list, l) })
	return list, err
}

// Segments lists the names of all segments.
func (s *Store) Segments(ctx context.Context) ([]string, error) {
	var list []string
	err := s.rows(ctx, `SELECT DISTINCT segment FROM blob ORDER BY segment`, nil, func(rows *sql.Rows) error {
		var name string
		err := rows.Scan(&name)
		list = append(list, name)
		return err
	})
	return list, err
}

// Expired streams evidence whose body may be destroyed: collected before a time, still stored, and
// needed by no younger evidence.
func (s *Store) Expired(ctx context.Context, before time.Time) iter.Seq2[assessment.StoredEvidence, error] {
	return func(yield func(assessment.StoredEvidence, error) bool) {
		after := int64(-1)
		for {
			list, err := s.evidence(ctx, fmt.Sprintf(`SELECT l.idx, l.scope, l.seq, l.bytes FROM evidence e
				JOIN leaf l ON l.idx = e.idx JOIN blob b ON b.digest = e.body
				WHERE e.collected < ? AND e.idx > ?
				AND NOT EXISTS (SELECT 1 FROM evidence y WHERE y.body = e.body AND y.collected >= ?)
				ORDER BY e.idx LIMIT %d`, page), []any{micros(before), after, micros(before)})
			if !each(list, err, yield) || len(list) < page {
				return
			}
			after = list[len(list)-1].Index
		}
	}
}
