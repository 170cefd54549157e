// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/command_palette.h"

#include "views/shell/palette_entries.h"
#include "views/widgets/labels.h"

#include <QAction>
#include <QBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QListView>
#include <QPainter>
#include <QTimer>

namespace counterfoil {

namespace {

constexpr int paletteWidth = 620;
constexpr int paletteHeight = 420;
constexpr int pauseMs = 120;
constexpr int hitsMax = 30;

bool matches(const QString& title, const QString& typed)
{
    const QStringList words = typed.split(QLatin1Char(' '), Qt::SkipEmptyParts);
    return std::ranges::all_of(words, [&title](const QString& word) { return title.contains(word, Qt::CaseInsensitive); });
}

} // namespace

CommandPalette::CommandPalette(const PageContext& context, const CommandRegistry& commands, QWidget* window)
    : QFrame(window),
      m_context(context),
      m_commands(commands),
      m_field(new QLineEdit(this)),
      m_list(new QListView(this)),
      m_entries(new PaletteEntries(this)),
      m_nothing(new PlainLabel(context.theme, {}, TextRole::Caption, Ink::Secondary, this)),
      m_pause(new QTimer(this))
{
    setAccessibleName(tr("Command palette"));
    m_field->setPlaceholderText(tr("Go to a page, run a command, or paste any id, order number, name, amount…"));
    m_field->setAccessibleName(tr("Search everything"));
    m_field->setMaxLength(256);
    m_field->addAction(context.theme.icon(Icon::Search), QLineEdit::LeadingPosition)->setText(tr("Search"));
    m_field->installEventFilter(this);
    m_list->setAccessibleName(tr("Results"));
    m_list->setModel(m_entries);
    m_list->setItemDelegate(new PaletteDelegate(context.theme, *m_entries, this));
    m_list->setFocusPolicy(Qt::NoFocus);
    m_list->setMouseTracking(true);
    m_list->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_list->setFrameShape(QFrame::NoFrame);
    m_nothing->setWrapping(true);
    m_pause->setSingleShot(true);
    m_pause->setInterval(pauseMs);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(space::s, space::s, space::s, space::s);
    layout->setSpacing(space::s);
    layout->addWidget(m_field);
    m_nothing->setContentsMargins(space::s, 0, space::s, space::s);
    layout->addWidget(m_nothing);
    layout->addWidget(m_list, 1);
    hide();
    window->installEventFilter(this);
    connect(m_field, &QLineEdit::textChanged, this, &CommandPalette::handleTextChanged);
    connect(m_pause, &QTimer::timeout, this, &CommandPalette::search);
    connect(m_list, &QListView::clicked, this, [this](const QModelIndex& index) { activate(index.row()); });
}

CommandPalette::~CommandPalette() = default;

int CommandPalette::resultCount() const
{
    return m_entries->rowCount();
}

bool CommandPalette::isSettled() const
{
    return !m_searching && !m_pause->isActive();
}

void CommandPalette::open()
{
    if (!isVisible()) {
        m_before = window()->focusWidget();
    }
    m_field->clear();
    handleTextChanged();
    show();
    raise();
    m_field->setFocus(Qt::ShortcutFocusReason);
}

void CommandPalette::place()
{
    const QWidget* window = parentWidget();
    const int width = std::min(paletteWidth, window->width() - 2 * space::xl);
    int rows = 0;
    for (int row = 0; row < m_entries->rowCount(); ++row) {
        rows += m_list->sizeHintForRow(row);
    }
    const int frame = m_field->sizeHint().height() + 3 * space::s + space::xs;
    m_nothing->setVisible(m_entries->rowCount() == 0);
    m_nothing->setPlain(isSettled() ? tr("Nothing found. Ids, order numbers, names, e-mails, amounts, card digits and gateway references can be searched.") : tr("Searching…"));
    m_list->setVisible(rows > 0);
    const int content = rows > 0 ? std::max(rows, 40) : m_nothing->heightForWidth(width - 2 * space::s);
    const int height = std::min({paletteHeight, window->height() - 120, frame + content});
    setGeometry((window->width() - width) / 2, 72, width, height);
}

void CommandPalette::handleTextChanged()
{
    const QString typed = m_field->text().trimmed();
    std::vector<PaletteEntry> commands;
    for (const CommandRegistry::Entry& entry : m_commands.available()) {
        const QString title = entry.action->text().remove(QLatin1Char('&'));
        if (matches(title, typed) && entry.command.id != QLatin1String("go.anything")) {
            commands.push_back({entry.command.icon.value_or(Icon::Forward), title, {}, entry.action->shortcut().toString(QKeySequence::NativeText), entry.action, {}});
        }
    }
    m_entries->setCommands(std::move(commands));
    m_list->setCurrentIndex(m_entries->index(0));
    ++m_token;
    m_searching = false;
    if (typed.isEmpty()) {
        m_pause->stop();
        m_entries->setHits({});
        m_list->setCurrentIndex(m_entries->index(0));
    } else {
        m_pause->start();
    }
    place();
}

void CommandPalette::search()
{
    const quint64 token = m_token;
    m_searching = true;
    const QString text = m_field->text().trimmed();
    m_context.executor.read(
        this,
        [text](Connection& connection) { return findAnything(connection, text, hitsMax); },
        [this, token](const Result<std::vector<SearchHit>>& hits) {
            if (token != m_token) {
                return;
            }
            m_searching = false;
            m_entries->setHits(hits ? *hits : std::vector<SearchHit>());
            m_list->setCurrentIndex(m_entries->index(0));
            place();
        });
}

void CommandPalette::activate(int row)
{
    if (row < 0 || row >= m_entries->rowCount()) {
        return;
    }
    const PaletteEntry entry = m_entries->at(row);
    dismiss();
    if (entry.action != nullptr) {
        entry.action->trigger();
        return;
    }
    switch (entry.hit->kind) {
    case SearchKind::Order: m_context.navigator.openOrder(OrderId(entry.hit->id)); return;
    case SearchKind::Account: m_context.navigator.openAccount(AccountId(entry.hit->id)); return;
    case SearchKind::Customer: {
        OrderFilter filter;
        filter.buyer = entry.hit->title;
        m_context.navigator.openOrders(filter);
        return;
    }
    case SearchKind::Merchant: m_context.navigator.openAccounts(entry.hit->title); return;
    }
}

void CommandPalette::dismiss()
{
    ++m_token;
    m_pause->stop();
    m_searching = false;
    const bool hasKeyboard = m_field->hasFocus();
    hide();
    if (hasKeyboard && m_before != nullptr) {
        m_before->setFocus();
    }
    Q_EMIT closed();
}

bool CommandPalette::eventFilter(QObject* watched, QEvent* event)
{
    if (watched == parentWidget() && event->type() == QEvent::Resize && isVisible()) {
        place();
    }
    if (watched != m_field) {
        return QFrame::eventFilter(watched, event);
    }
    if (event->type() == QEvent::FocusOut && isVisible() && static_cast<QFocusEvent*>(event)->reason() != Qt::PopupFocusReason
        && static_cast<QFocusEvent*>(event)->reason() != Qt::ActiveWindowFocusReason) {
        dismiss();
        return false;
    }
    if (event->type() != QEvent::KeyPress) {
        return QFrame::eventFilter(watched, event);
    }
    const int row = m_list->currentIndex().row();
    const int rows = m_entries->rowCount();
    switch (static_cast<QKeyEvent*>(event)->key()) {
    case Qt::Key_Escape: dismiss(); return true;
    case Qt::Key_Return:
    case Qt::Key_Enter: activate(row); return true;
    case Qt::Key_Down: m_list->setCurrentIndex(m_entries->index(rows == 0 ? 0 : (row + 1) % rows)); return true;
    case Qt::Key_Up: m_list->setCurrentIndex(m_entries->index(rows == 0 ? 0 : (row + rows - 1) % rows)); return true;
    case Qt::Key_PageDown: m_list->setCurrentIndex(m_entries->index(std::min(row + 8, rows - 1))); return true;
    case Qt::Key_PageUp: m_list->setCurrentIndex(m_entries->index(std::max(row - 8, 0))); return true;
    default: return QFrame::eventFilter(watched, event);
    }
}

void CommandPalette::paintEvent(QPaintEvent*)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(m_context.theme.tokens().strongLine);
    painter.setBrush(m_context.theme.tokens().raised);
    painter.drawRoundedRect(QRectF(rect()).adjusted(0.5, 0.5, -0.5, -0.5), 8, 8);
}

} // namespace counterfoil
