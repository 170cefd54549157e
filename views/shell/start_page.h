// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "views/widgets/labels.h"
#include "views/widgets/words.h"

class QPushButton;

namespace counterfoil {

/// What is shown while there is no database to show: what is the matter and what to do next.
class StartPage : public QWidget {
    Q_OBJECT
public:
    StartPage(const Theme& theme, const QString& database, QWidget* parent = nullptr);

    void setProblem(const Error& error);

Q_SIGNALS:
    void retryRequested();

private:
    void addStep(const QString& words, const QString& command);

    const Theme& m_theme;
    PlainLabel* m_title;
    PlainLabel* m_text;
    QPushButton* m_retry;
    QWidget* m_steps;
};

} // namespace counterfoil
