// SPDX-License-Identifier: GPL-3.0-or-later
#include "views/shell/status_panel.h"

#include <QBoxLayout>
#include <QFileInfo>
#include <QPainter>

namespace counterfoil {

/// Icon and words, both in one tone.
class StatusPanel::Item : public QWidget {
public:
    Item(const Theme& theme, QWidget* parent) : QWidget(parent), m_theme(theme)
    {
        setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
        connect(&theme, &Theme::changed, this, qOverload<>(&QWidget::update));
    }

    void setWords(const StatusWords& words)
    {
        m_words = words;
        setAccessibleName(words.text);
        setToolTip(words.details.isEmpty() ? QString() : plainToolTip(words.details));
        updateGeometry();
        update();
    }

    QSize sizeHint() const override
    {
        const QFontMetrics metrics(m_theme.font(TextRole::Caption));
        return {metrics.horizontalAdvance(m_words.text) + 16 + space::xs + space::l, 22};
    }
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent*) override
    {
        QPainter painter(this);
        const QColor colour = m_theme.tokens().tone(m_words.tone).text;
        painter.drawPixmap(0, (height() - 16) / 2, iconPixmap(m_words.icon, 16, colour, devicePixelRatioF()));
        painter.setFont(m_theme.font(TextRole::Caption));
        painter.setPen(colour);
        painter.drawText(rect().adjusted(16 + space::xs, 0, 0, 0), Qt::AlignVCenter | Qt::AlignLeft, m_words.text);
    }

private:
    const Theme& m_theme;
    StatusWords m_words;
};

StatusPanel::StatusPanel(const Theme& theme, const DatabaseUrl& database, QWidget* parent)
    : QWidget(parent), m_worker(new Item(theme, this)), m_queue(new Item(theme, this)), m_cases(new Item(theme, this)), m_database(new Item(theme, this))
{
    auto* layout = new QHBoxLayout(this);
    layout->setContentsMargins(space::l, 0, space::s, 0);
    layout->setSpacing(0);
    layout->addWidget(m_worker);
    layout->addWidget(m_queue);
    layout->addWidget(m_cases);
    layout->addStretch(1);
    layout->addWidget(m_database);
    m_worker->setWords({tr("Reading…"), {}, Icon::Clock, Tone::Neutral});
    const QString name = database.kind == DatabaseKind::Sqlite ? QFileInfo(database.path).fileName() : QStringLiteral("%1 · %2").arg(database.host, database.name);
    m_database->setWords({name, database.toText(), Icon::Database, Tone::Neutral});
}

void StatusPanel::setStatus(const SystemStatus& status, UtcTime now)
{
    m_worker->setWords(workerWords(status, now));
    m_queue->setWords(queueWords(status));
    m_cases->setWords(caseWords(status));
}

void StatusPanel::setLost(bool lost)
{
    if (lost) {
        m_worker->setWords({tr("Connection lost, trying again"), {}, Icon::Disconnected, Tone::Danger});
        m_queue->setWords({tr("Queue not known"), {}, Icon::Clock, Tone::Neutral});
        m_cases->setWords({tr("Cases not known"), {}, Icon::Flag, Tone::Neutral});
    }
}

} // namespace counterfoil
