// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/page.h"
#include "models/store/reads/read_executor.h"
#include "models/tables/cell.h"
#include "models/tables/row_cache.h"

#include <QAbstractTableModel>
#include <QElapsedTimer>

#include <functional>

namespace counterfoil {

/// How the pages of one list are read. Called on the database thread, so the functions own what they use.
struct PageSource {
    std::function<Result<std::vector<PagedRowPtr>>(Connection&, const PageRequest&)> page;
    std::function<Result<qint64>(Connection&)> count;
    std::function<Result<qint64>(Connection&, RowKey)> countBefore;
    /// May be empty: then jumps into the middle skip from the nearest known row.
    std::function<Result<std::vector<RowKey>>(Connection&, std::optional<RowKey> after, int stride, int strides)> anchors;
    /// Whether a stands in front of b.
    std::function<bool(RowKey a, RowKey b)> before;
    /// Rows come only at the beginning or end and never go: what is known of places stays true over a refresh.
    bool rowsStay = false;
};

/// A table over a list of any length, of which only what is looked at is in memory: pages are read by key on the database thread,
/// rows that aren't there yet answer LoadingRole, the exact count comes later, and refresh() keeps what is visible in its place.
/// data() does no I/O.
class PagedTableModel : public QAbstractTableModel {
    Q_OBJECT

public:
    static constexpr int pageRows = 200;
    /// More rows than this are not offered (a header section costs memory per row); totalCount() still tells.
    static constexpr int rowsMax = 3'000'000;

    PagedTableModel(ReadExecutor& executor, int columns, QObject* parent = nullptr);

    int rowCount(const QModelIndex& parent = {}) const override;
    int columnCount(const QModelIndex& parent = {}) const override;
    QVariant data(const QModelIndex& index, int role = Qt::DisplayRole) const override;
    bool canFetchMore(const QModelIndex& parent) const override;
    void fetchMore(const QModelIndex& parent) override;

    /// Rows of the whole list, which may be more than rowCount(); a lower bound until isCountExact().
    qint64 totalCount() const { return m_total; }
    bool isCountExact() const { return m_countExact; }
    bool isLoading() const { return m_inFlight > 0; }
    /// For who reads the list by itself (TableExport): how, with what, and what a row's cells are.
    const PageSource& source() const { return m_source; }
    ReadExecutor& executor() const { return m_executor; }
    Cell cell(const PagedRow& row, int column) const { return cellOf(row, column); }
    /// Whether any row may have an amount in this column.
    virtual bool isMoney(int) const { return false; }
    /// Rows held in memory now.
    int cachedRows() const { return m_cache.size(); }

public Q_SLOTS:
    /// Reads again what is visible, in place: rows that came, went or changed are announced as such; nothing is reset.
    void refresh();
    /// Forgets everything and begins at the top.
    void reload();

Q_SIGNALS:
    void countChanged(qint64 total, bool exact);
    void loadingChanged(bool loading);
    /// A read failed; what is shown stays. refresh() tries again.
    void failed(const counterfoil::Error& error);
    /// The first page after a reload is there (or the list is empty).
    void firstPageShown();

protected:
    /// Sets what is listed and begins at the top.
    void setSource(PageSource source);
    /// The row, or null while it isn't there (asks for it then).
    PagedRowPtr rowAt(int row) const;
    virtual Cell cellOf(const PagedRow& row, int column) const = 0;
    virtual RowIdentity identityOf(const PagedRow& row) const = 0;

private:
    struct Fresh;
    enum class Lane { Now, Aside };
    template<class Work, class Then>
    void ask(Lane lane, Work work, Then then);
    void loadFirst();
    void want(int row) const;
    void serveWanted();
    void fetch(int from, int count);
    void takePage(int from, int asked, bool backward, const std::vector<PagedRowPtr>& rows);
    void askCount();
    void setCount(qint64 total);
    void askAnchors();
    void restartAnchors();
    void merge(const Fresh& fresh, int from, int to);
    int mergeWindow(const Fresh& fresh, int from, int to);
    void insertAt(int row, int count, std::span<const PagedRowPtr> rows);
    void removeAt(int row, int count);
    void changedRows(int from, int to);
    PageRequest requestFor(int from, int count) const;

    ReadExecutor& m_executor;
    const int m_columns;
    PageSource m_source;
    RowCache m_cache;
    int m_rows = 0;
    qint64 m_total = 0;
    bool m_countExact = false;
    /// Raised when the list becomes another one; answers that carry an older one are dropped.
    quint64 m_token = 0;
    int m_inFlight = 0;
    bool m_fetching = false;
    bool m_counting = false;
    bool m_refreshing = false;
    bool m_refreshAgain = false;
    bool m_firstShown = false;
    QElapsedTimer m_counted;
    qint64 m_countMs = 0;
    /// How far anchors were collected: rows, and the key of the last of them.
    int m_anchored = 0;
    std::optional<RowKey> m_anchorKey;
    bool m_anchoring = false;
    mutable int m_wantedFirst = -1;
    mutable int m_wantedLast = -1;
    mutable int m_touched = 0;
    mutable bool m_wakeQueued = false;
};

template<class Work, class Then>
void PagedTableModel::ask(Lane lane, Work work, Then then)
{
    if (m_inFlight++ == 0) {
        Q_EMIT loadingChanged(true);
    }
    auto take = [this, token = m_token, then = std::move(then)](const auto& answer) {
        if (token == m_token) {
            then(answer);
            if (!answer) {
                Q_EMIT failed(answer.error());
            }
        }
        if (--m_inFlight == 0) {
            Q_EMIT loadingChanged(false);
        }
    };
    if (lane == Lane::Now) {
        m_executor.read(this, std::move(work), std::move(take));
    } else {
        m_executor.readAside(this, std::move(work), std::move(take));
    }
}

} // namespace counterfoil
