// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "models/store/reads/search_reads.h"
#include "views/theme/theme.h"

#include <QAbstractListModel>
#include <QAbstractItemDelegate>

class QAction;

namespace counterfoil {

/// A command or a thing that was found.
struct PaletteEntry {
    Icon icon = Icon::Search;
    QString title;
    QString subtitle;
    QString trailing;
    QAction* action = nullptr;
    std::optional<SearchHit> hit;
};

/// What the palette lists: commands first, then hits.
class PaletteEntries : public QAbstractListModel {
    Q_OBJECT
public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(m_rows.size()); }
    QVariant data(const QModelIndex& index, int role) const override;

    void setCommands(std::vector<PaletteEntry> commands);
    void setHits(const std::vector<SearchHit>& hits);
    const PaletteEntry& at(int row) const { return m_rows[static_cast<std::size_t>(row)]; }

private:
    void rebuild();

    std::vector<PaletteEntry> m_commands;
    std::vector<PaletteEntry> m_hits;
    std::vector<PaletteEntry> m_rows;
};

/// Icon, title and subtitle on two lines, shortcut or kind at the right.
class PaletteDelegate : public QAbstractItemDelegate {
    Q_OBJECT
public:
    PaletteDelegate(const Theme& theme, const PaletteEntries& entries, QObject* parent);
    QSize sizeHint(const QStyleOptionViewItem& option, const QModelIndex& index) const override;
    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override;

private:
    const Theme& m_theme;
    const PaletteEntries& m_entries;
};

} // namespace counterfoil
