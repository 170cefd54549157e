// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/filter_bar.h"

#include "models/base/text.h"
#include "views/widgets/labels.h"

#include <QAction>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QShortcut>
#include <QTimer>

namespace counterfoil {

namespace {

constexpr int pauseMs = 250;
/// So that two chips and what clears them fit beside the search in a window of 1280.
constexpr int chipTextWidth = 150;

/// An escaped button text: a name from outside must not underline a letter.
QString buttonText(const QString& text, const QFontMetrics& metrics)
{
    // Qt puts a joiner in front of its ellipsis.
    return metrics.elidedText(visibleText(text, 48), Qt::ElideRight, chipTextWidth).remove(QChar(0x200d)).replace(QLatin1Char('&'), QStringLiteral("&&"));
}

/// Stays open while conditions are ticked.
class StickyMenu final : public QMenu {
public:
    using QMenu::QMenu;

protected:
    void mouseReleaseEvent(QMouseEvent* event) override
    {
        QAction* action = activeAction();
        if (action != nullptr && action->isCheckable()) {
            action->trigger();
            return;
        }
        QMenu::mouseReleaseEvent(event);
    }

    void keyPressEvent(QKeyEvent* event) override
    {
        QAction* action = activeAction();
        if (event->key() == Qt::Key_Space && action != nullptr && action->isCheckable()) {
            action->trigger();
            return;
        }
        QMenu::keyPressEvent(event);
    }
};

class ChipButton final : public QPushButton {
public:
    using QPushButton::QPushButton;

protected:
    void keyPressEvent(QKeyEvent* event) override
    {
        if (event->key() == Qt::Key_Delete || event->key() == Qt::Key_Backspace) {
            click();
            return;
        }
        QPushButton::keyPressEvent(event);
    }
};

} // namespace

FilterBar::FilterBar(const Theme& theme, const QString& searchHint, QWidget* parent)
    : QWidget(parent), m_theme(theme), m_search(new QLineEdit(this)), m_buttons(new QHBoxLayout), m_chipRow(new QWidget(this)), m_pause(new QTimer(this))
{
    // On the page, so that it works from the table too.
    auto* find = new QShortcut(QKeySequence::Find, parent != nullptr ? parent : this);
    find->setContext(Qt::WidgetWithChildrenShortcut);
    connect(find, &QShortcut::activated, this, [this] {
        m_search->setFocus(Qt::ShortcutFocusReason);
        m_search->selectAll();
    });
    m_search->setPlaceholderText(searchHint);
    m_search->setAccessibleName(searchHint);
    m_search->setClearButtonEnabled(true);
    m_search->addAction(theme.icon(Icon::Search), QLineEdit::LeadingPosition)->setText(tr("Search"));
    // What Qt calls its own action; it has an icon only.
    if (auto* clear = m_search->findChild<QAction*>(QStringLiteral("_q_qlineeditclearaction"))) {
        clear->setText(tr("Clear the search"));
    }
    m_search->setMaxLength(256);
    m_search->setMinimumWidth(220);
    m_search->setMaximumWidth(420);
    m_pause->setSingleShot(true);
    m_pause->setInterval(pauseMs);
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::s);
    layout->addWidget(m_search, 2);
    m_buttons->setSpacing(space::s);
    layout->addLayout(m_buttons);
    new QHBoxLayout(m_chipRow);
    m_chipRow->layout()->setContentsMargins(0, 0, 0, 0);
    m_chipRow->layout()->setSpacing(space::xs);
    layout->addWidget(m_chipRow);
    layout->addStretch(1);

    const auto announce = [this] {
        m_pause->stop();
        const QString text = m_search->text().trimmed();
        if (text != m_announced) {
            m_announced = text;
            Q_EMIT searchChanged(text);
        }
    };
    connect(m_search, &QLineEdit::textChanged, m_pause, qOverload<>(&QTimer::start));
    connect(m_search, &QLineEdit::returnPressed, this, announce);
    connect(m_pause, &QTimer::timeout, this, announce);
}

QMenu* FilterBar::addMenu(const QString& title, Icon icon)
{
    auto* button = new QPushButton(m_theme.icon(icon), title, this);
    button->setAccessibleName(tr("Filter: %1").arg(title));
    auto* menu = new StickyMenu(button);
    button->setMenu(menu);
    m_buttons->addWidget(button);
    return menu;
}

void FilterBar::addButton(const QString& title, Icon icon, std::function<void()> run)
{
    auto* button = new QPushButton(m_theme.icon(icon), title, this);
    button->setAccessibleName(tr("Filter: %1").arg(title));
    connect(button, &QPushButton::clicked, this, [run = std::move(run)] { run(); });
    m_buttons->addWidget(button);
}

void FilterBar::showSearch(const QString& text)
{
    if (m_search->text().trimmed() != text) {
        const QSignalBlocker quiet(m_search);
        m_search->setText(text);
    }
}

void FilterBar::setChips(const QList<FilterChip>& chips)
{
    if (chips == m_shown) {
        return;
    }
    m_shown = chips;
    QLayout* row = m_chipRow->layout();
    while (QLayoutItem* item = row->takeAt(0)) {
        item->widget()->deleteLater();
        delete item;
    }
    for (const FilterChip& chip : chips) {
        auto* button = new ChipButton(m_theme.icon(Icon::Close), {}, m_chipRow);
        button->setText(buttonText(chip.text, button->fontMetrics()));
        button->setToolTip(plainToolTip(chip.text));
        button->setAccessibleName(tr("Remove filter %1").arg(visibleText(chip.text, 48)));
        button->setProperty("chip", true);
        button->setIconSize({12, 12});
        button->setLayoutDirection(Qt::RightToLeft);
        connect(button, &QPushButton::clicked, this, [this, key = chip.key] { Q_EMIT chipRemoved(key); });
        row->addWidget(button);
    }
    if (chips.size() > 1) {
        auto* clear = new QPushButton(tr("Clear all"), m_chipRow);
        clear->setProperty("link", true);
        clear->setAccessibleName(tr("Remove all filters"));
        connect(clear, &QPushButton::clicked, this, &FilterBar::cleared);
        row->addWidget(clear);
    }
}

} // namespace counterfoil
