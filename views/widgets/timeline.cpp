// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/timeline.h"

#include "models/base/text.h"
#include "models/tables/format.h"
#include "views/widgets/figures.h"
#include "views/widgets/labels.h"

#include <QAbstractListModel>
#include <QClipboard>
#include <QGuiApplication>
#include <QHelpEvent>
#include <QPainter>
#include <QScrollBar>
#include <QToolTip>

namespace counterfoil {

class TimelineEntries : public QAbstractListModel {
public:
    using QAbstractListModel::QAbstractListModel;

    int rowCount(const QModelIndex& parent = {}) const override { return parent.isValid() ? 0 : static_cast<int>(entries.size()); }
    QVariant data(const QModelIndex& index, int role) const override
    {
        const TimelineEntry& entry = entries[static_cast<std::size_t>(index.row())];
        if (role == Qt::DisplayRole || role == Qt::AccessibleTextRole) {
            return QStringLiteral("%1, %2, %3").arg(visibleText(entry.title), visibleText(entry.detail), formatDateTime(entry.at));
        }
        return {};
    }

    void take(std::vector<TimelineEntry> fresh)
    {
        beginResetModel();
        entries = std::move(fresh);
        endResetModel();
    }

    std::vector<TimelineEntry> entries;
};

namespace {

constexpr int dotColumn = 46;

class TimelineDelegate final : public QAbstractItemDelegate {
public:
    TimelineDelegate(const Theme& theme, const Clock& clock, const TimelineEntries& entries, QObject* parent)
        : QAbstractItemDelegate(parent), m_theme(theme), m_clock(clock), m_entries(entries)
    {
    }

    QSize sizeHint(const QStyleOptionViewItem&, const QModelIndex& index) const override
    {
        const int body = QFontMetrics(m_theme.font(TextRole::Body)).height();
        const int caption = QFontMetrics(m_theme.font(TextRole::Caption)).height();
        return {200, body + caption * (at(index).detail.isEmpty() ? 1 : 2) + space::m};
    }

    void paint(QPainter* painter, const QStyleOptionViewItem& option, const QModelIndex& index) const override
    {
        const Tokens& tokens = m_theme.tokens();
        const TimelineEntry& entry = at(index);
        painter->save();
        if (option.state & QStyle::State_Selected) {
            painter->fillRect(option.rect, tokens.accentSoft);
        } else if (option.state & QStyle::State_MouseOver) {
            painter->fillRect(option.rect, tokens.hover);
        }
        paintDot(*painter, option.rect, index.row(), entry);
        QRect line = option.rect.adjusted(dotColumn, space::xs, -space::s, 0);
        const QFont body = m_theme.font(TextRole::Strong);
        const QFont caption = m_theme.font(TextRole::Caption);
        const auto draw = [&](const QFont& font, const QColor& colour, const QString& text) {
            painter->setFont(font);
            painter->setPen(colour);
            const QFontMetrics metrics(font);
            line.setHeight(metrics.height());
            painter->drawText(line, Qt::AlignLeft | Qt::AlignVCenter | Qt::TextSingleLine,
                              metrics.elidedText(text, Qt::ElideRight, line.width()));
            line.moveTop(line.bottom() + 1);
        };
        draw(body, tokens.text, visibleText(entry.title));
        if (!entry.detail.isEmpty()) {
            draw(caption, tokens.secondary, visibleText(entry.detail));
        }
        draw(caption, tokens.secondary, formatTime(entry.at, m_clock.now()));
        painter->restore();
    }

    bool helpEvent(QHelpEvent* event, QAbstractItemView* view, const QStyleOptionViewItem&, const QModelIndex& index) override
    {
        if (event->type() == QEvent::ToolTip && index.isValid()) {
            const TimelineEntry& entry = at(index);
            QToolTip::showText(event->globalPos(), plainToolTip(QStringLiteral("%1 · %2").arg(exactTimeText(entry.at), entry.detail)), view);
        }
        return true;
    }

private:
    const TimelineEntry& at(const QModelIndex& index) const { return m_entries.entries[static_cast<std::size_t>(index.row())]; }

    void paintDot(QPainter& painter, const QRect& rect, int row, const TimelineEntry& entry) const
    {
        const Tokens& tokens = m_theme.tokens();
        const ToneColours& tone = tokens.tone(entry.tone);
        const QRect dot(rect.x() + 14, rect.y() + 3, 22, 22);
        painter.setPen(QPen(tokens.strongLine, 1));
        const int x = dot.center().x();
        if (row > 0) {
            painter.drawLine(x, rect.top(), x, dot.top() - 1);
        }
        if (row + 1 < static_cast<int>(m_entries.entries.size())) {
            painter.drawLine(x, dot.bottom() + 2, x, rect.bottom());
        }
        painter.setRenderHint(QPainter::Antialiasing);
        painter.setPen(Qt::NoPen);
        painter.setBrush(tone.soft);
        painter.drawEllipse(dot);
        painter.setRenderHint(QPainter::Antialiasing, false);
        painter.drawPixmap(dot.x() + 3, dot.y() + 3, iconPixmap(entry.icon, 16, tone.text, painter.device()->devicePixelRatioF()));
    }

    const Theme& m_theme;
    const Clock& m_clock;
    const TimelineEntries& m_entries;
};

} // namespace

Timeline::Timeline(const Theme& theme, const Clock& clock, const QString& name, QWidget* parent)
    : QListView(parent), m_entries(new TimelineEntries(this))
{
    setAccessibleName(name);
    setModel(m_entries);
    setItemDelegate(new TimelineDelegate(theme, clock, *m_entries, this));
    setFrameShape(QFrame::NoFrame);
    setSelectionMode(ExtendedSelection);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setVerticalScrollMode(ScrollPerPixel);
    setMouseTracking(true);
    connect(&theme, &Theme::changed, viewport(), qOverload<>(&QWidget::update));
}

Timeline::~Timeline() = default;

void Timeline::setEntries(std::vector<TimelineEntry> entries)
{
    if (entries == m_entries->entries) {
        viewport()->update();
        return;
    }
    const int scroll = verticalScrollBar()->value();
    const QString current = currentIndex().isValid() ? m_entries->entries[static_cast<std::size_t>(currentIndex().row())].id : QString();
    m_entries->take(std::move(entries));
    for (int row = 0; row < m_entries->rowCount() && !current.isEmpty(); ++row) {
        if (m_entries->entries[static_cast<std::size_t>(row)].id == current) {
            setCurrentIndex(m_entries->index(row));
        }
    }
    verticalScrollBar()->setValue(scroll);
}

void Timeline::keyPressEvent(QKeyEvent* event)
{
    if (event->matches(QKeySequence::Copy)) {
        QStringList lines;
        for (const QModelIndex& index : selectionModel()->selectedIndexes()) {
            lines << index.data().toString();
        }
        QGuiApplication::clipboard()->setText(lines.join(QLatin1Char('\n')));
        return;
    }
    QListView::keyPressEvent(event);
}

} // namespace counterfoil
