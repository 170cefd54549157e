// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/widgets/payload_viewer.h"

#include <QBoxLayout>
#include <QClipboard>
#include <QFutureWatcher>
#include <QGuiApplication>
#include <QPlainTextEdit>
#include <QPointer>
#include <QPromise>
#include <QThreadPool>
#include <QToolButton>

namespace counterfoil {

namespace {

constexpr int indentWidth = 2;
constexpr int depthMax = 64;

void breakLine(QString& out, int depth)
{
    out += QLatin1Char('\n');
    out += QString(std::min(depth, depthMax) * indentWidth, QLatin1Char(' '));
}

qsizetype nextToken(const QString& json, qsizetype from)
{
    while (from < json.size() && json[from].isSpace()) {
        ++from;
    }
    return from;
}

/// Only spaces and line ends outside strings are changed.
QString indented(const QString& json)
{
    QString out;
    out.reserve(json.size() * 2);
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < json.size(); ++i) {
        const QChar c = json[i];
        if (inString) {
            out += c;
            if (c == QLatin1Char('\\') && i + 1 < json.size()) {
                out += json[++i];
            } else if (c == QLatin1Char('"')) {
                inString = false;
            }
            continue;
        }
        if (c == QLatin1Char('{') || c == QLatin1Char('[')) {
            out += c;
            const qsizetype next = nextToken(json, i + 1);
            if (next < json.size() && json[next] == (c == QLatin1Char('{') ? QLatin1Char('}') : QLatin1Char(']'))) {
                out += json[next];
                i = next;
            } else {
                breakLine(out, ++depth);
            }
        } else if (c == QLatin1Char('}') || c == QLatin1Char(']')) {
            breakLine(out, depth = std::max(0, depth - 1));
            out += c;
        } else if (c == QLatin1Char(',')) {
            out += c;
            breakLine(out, depth);
        } else if (c == QLatin1Char(':')) {
            out += QStringLiteral(": ");
        } else if (!c.isSpace()) {
            inString = c == QLatin1Char('"');
            out += c;
        }
    }
    return out;
}

QString withVisibleControls(const QString& text)
{
    QString out;
    out.reserve(text.size());
    int marks = 0;
    for (const QChar c : text) {
        const QChar::Category category = c.category();
        const bool mark = c.isMark();
        // A tower of combining marks is slow to lay out and hides what is under it.
        marks = mark ? marks + 1 : 0;
        const bool control = category == QChar::Other_Control || category == QChar::Other_Format;
        if ((control && c != QLatin1Char('\n') && c != QLatin1Char('\t')) || marks > 4) {
            out += QStringLiteral("\\u%1").arg(c.unicode(), 4, 16, QLatin1Char('0'));
        } else {
            out += c;
        }
    }
    return out;
}

} // namespace

QString readablePayload(const QString& payload, qsizetype maxCharacters)
{
    QString text = payload.left(maxCharacters);
    // A request may be HTTP: a head, an empty line, then the body.
    const QString start = text.trimmed();
    if (start.startsWith(QLatin1Char('{')) || start.startsWith(QLatin1Char('['))) {
        text = indented(start);
    } else if (const qsizetype gap = text.indexOf(QStringLiteral("\n\n{")); gap >= 0) {
        text = text.left(gap + 2) + indented(text.mid(gap + 2));
    }
    text = withVisibleControls(text.left(maxCharacters));
    const bool cut = payload.size() > maxCharacters || text.size() > maxCharacters;
    text.truncate(maxCharacters);
    if (cut) {
        text += PayloadViewer::tr("\n… cut here; Copy takes all %1 characters.").arg(payload.size());
    }
    return text;
}

PayloadViewer::PayloadViewer(const Theme& theme, const QString& title, QWidget* parent)
    : QWidget(parent),
      m_theme(theme),
      m_title(new PlainLabel(theme, title, TextRole::Strong, Ink::Text, this)),
      m_note(new PlainLabel(theme, {}, TextRole::Caption, Ink::Secondary, this)),
      m_copy(new QToolButton(this)),
      m_text(new QPlainTextEdit(this))
{
    m_copy->setIcon(theme.icon(Icon::Copy));
    m_copy->setToolTip(tr("Copy as it was"));
    m_copy->setAccessibleName(tr("Copy: %1").arg(title));
    m_text->setReadOnly(true);
    m_text->setLineWrapMode(QPlainTextEdit::WidgetWidth);
    m_text->setWordWrapMode(QTextOption::WrapAnywhere);
    m_text->setTabChangesFocus(true);
    m_text->setAccessibleName(title);
    auto* heading = new QHBoxLayout;
    heading->addWidget(m_title);
    heading->addWidget(m_note, 1);
    heading->addWidget(m_copy);
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::xs);
    layout->addLayout(heading);
    layout->addWidget(m_text, 1);
    connect(m_copy, &QToolButton::clicked, this, [this] { QGuiApplication::clipboard()->setText(m_payload); });
    connect(&theme, &Theme::changed, this, &PayloadViewer::handleThemeChanged);
    handleThemeChanged();
}

void PayloadViewer::setPayload(const QString& payload, const QString& note)
{
    m_note->setPlain(note);
    m_copy->setEnabled(true);
    if (payload == m_payload && !m_text->document()->isEmpty()) {
        return;
    }
    m_payload = payload;
    const quint64 token = ++m_token;
    auto promise = std::make_shared<QPromise<QString>>();
    QFuture<QString> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, payload] {
        promise->addResult(readablePayload(payload));
        promise->finish();
    });
    // Not QFuture::then: in Qt 6.4 it must not outlive its context, and this widget may be gone before the answer.
    auto* watcher = new QFutureWatcher<QString>(this);
    connect(watcher, &QFutureWatcherBase::finished, this, [this, watcher, token] {
        watcher->deleteLater();
        if (token == m_token) {
            m_text->setPlainText(watcher->result());
        }
    });
    watcher->setFuture(future);
}

void PayloadViewer::setNothing(const QString& why)
{
    ++m_token;
    m_payload.clear();
    m_note->setPlain(why);
    m_copy->setEnabled(false);
    m_text->clear();
}

QString PayloadViewer::shownText() const
{
    return m_text->toPlainText();
}

void PayloadViewer::handleThemeChanged()
{
    m_text->setFont(m_theme.font(TextRole::MonoSmall));
}

} // namespace counterfoil
